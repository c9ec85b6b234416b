# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of Alertmanager 0.34 that are not of receivers, and those that Prometheus Operator 0.93 does not read (`alone`).

https://prometheus.io/docs/alerting/latest/configuration/
"""

from __future__ import annotations

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_rules as rules
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_section import section

TLS = section(
    rules.together("cert_secret key_secret"),
    rules.tls_versions,
    text="server_name",
    flag="insecure_skip_verify",
    tls_version="min_version max_version",
    key="ca cert key",
)
OAUTH2 = section(
    rules.need("client_id"),
    rules.need("token_url"),
    rules.only_one("client_secret_secret client_certificate_key_secret"),
    rules.only_one("proxy_url proxy_from_environment"),
    rules.requires("no_proxy", "proxy_url"),
    text="client_id no_proxy client_certificate_key_id iss audience",
    url="token_url",
    texts="scopes",
    text_map="endpoint_params",
    any_map="claims",
    proxy="proxy_url",
    flag="proxy_from_environment",
    key="client_secret client_certificate_key",
    inline_key="proxy_connect_header",
    choice={
        "grant_type": "client_credentials urn:ietf:params:oauth:grant-type:jwt-bearer",
        "signature_algorithm": "RS256 RS384 RS512",
    },
    alone="client_certificate_key_id client_certificate_key_file grant_type signature_algorithm iss audience claims",
    tls_config=TLS,
)
HTTP = section(
    rules.only_one("basic_auth authorization oauth2"),
    rules.only_one("proxy_url proxy_from_environment"),
    rules.requires("no_proxy", "proxy_url"),
    rules.headers,
    flag="follow_redirects enable_http2 proxy_from_environment",
    proxy="proxy_url",
    text="no_proxy",
    inline_key="proxy_connect_header",
    authorization=section(rules.need("credentials_secret"), rules.authorization_type, text="type", key="credentials"),
    basic_auth=section(rules.need("username username_secret"), text="username", key="username password", alone="username_file"),
    oauth2=OAUTH2,
    tls_config=TLS,
    http_headers={"*": section(texts="values", key_lists={"secrets": "files"})},
)

_EVERY_ROUTE: dict[str, Any] = {
    "text": "receiver",
    "group_by": "group_by",
    "duration": "group_wait",
    "interval": "group_interval repeat_interval",
    "text_map": "labels",
    "alone": "labels",
}
ROUTE = section(**_EVERY_ROUTE)
# What is below a route is judged by what judges routes.
CHILD_ROUTE = section(
    **_EVERY_ROUTE, matchers="matchers", flag="continue", texts="mute_time_intervals active_time_intervals", anything="routes"
)
INHIBIT_RULE = section(
    rules.need("source_matchers"),
    rules.need("target_matchers"),
    text="name",
    matchers="source_matchers target_matchers",
    labels="equal",
    alone="name",
)
TIME_INTERVAL = section(
    rules.need("name"),
    text="name",
    time_intervals=[
        section(
            times=[section(rules.need("start_time"), rules.need("end_time"), rules.times, time="start_time end_time")],
            weekdays="weekdays",
            days="days_of_month",
            months="months",
            years="years",
            location="location",
        )
    ],
)

GLOBAL = section(
    rules.only_one("slack_api_url_secret slack_app_token_secret"),
    duration="resolve_timeout",
    addresses="smtp_from",
    host_port="smtp_smarthost",
    text="smtp_hello smtp_auth_username smtp_auth_identity wechat_api_corp_id",
    flag="smtp_require_tls smtp_force_implicit_tls",
    url="jira_api_url opsgenie_api_url pagerduty_url rocketchat_api_url slack_app_url telegram_api_url victorops_api_url "
    "webex_api_url wechat_api_url",
    key="smtp_auth_password smtp_auth_secret slack_api_url slack_app_token opsgenie_api_key wechat_api_secret victorops_api_key "
    "telegram_bot_token rocketchat_token rocketchat_token_id mattermost_webhook_url",
    smtp_tls_config=TLS,
    http_config=HTTP,
)

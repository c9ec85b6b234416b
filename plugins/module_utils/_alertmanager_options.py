# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that both Alertmanager 0.34 and Prometheus Operator 0.93 know; the operator refuses a configuration with others."""

from __future__ import annotations

from collections.abc import Mapping


class Section:
    """The names of a section's options, of its secrets (given as `<name>_secret`), and its subsections.

    Of each choice in `required` one must be set, here or in the global section under a name that begins with `inherits`.
    """

    def __init__(
        self, options: str, *, secrets: str = "", required: tuple[str, ...] = (), inherits: str = "", **sections: Section
    ) -> None:
        self.options = frozenset(options.split())
        self.secrets = frozenset(secrets.split())
        self.required = tuple(choice.split() for choice in required)
        self.inherits = inherits
        self.sections: Mapping[str, Section] = sections


TLS = Section("server_name insecure_skip_verify min_version max_version", secrets="ca cert key")
HTTP = Section(
    "follow_redirects enable_http2 proxy_url no_proxy proxy_from_environment",
    authorization=Section("type", secrets="credentials"),
    basic_auth=Section("username", secrets="password"),
    oauth2=Section("client_id scopes token_url endpoint_params", secrets="client_secret", tls_config=TLS),
    tls_config=TLS,
)

RECEIVERS = {
    "slack": Section(
        "send_resolved app_url channel username color title title_link pretext text fields short_fields footer fallback "
        "callback_id icon_emoji icon_url image_url thumb_url link_names mrkdwn_in actions timeout message_text update_message",
        secrets="api_url app_token",
        required=("api_url_file app_token_file",),
        inherits="slack",
        http_config=HTTP,
    ),
    "pagerduty": Section(
        "send_resolved url client client_url description details images links severity class component group source timeout",
        secrets="routing_key service_key",
        required=("routing_key_file service_key_file",),
        http_config=HTTP,
    ),
    # The URL may hold a key, or none.
    "webhook": Section(
        "send_resolved url max_alerts timeout payload", secrets="url", required=("url url_file",), http_config=HTTP
    ),
    "email": Section(
        "send_resolved to from hello smarthost auth_username auth_identity headers html text require_tls "
        "force_implicit_tls threading",
        secrets="auth_password auth_secret",
        required=("to", "from", "smarthost"),
        inherits="smtp",
        tls_config=TLS,
    ),
}

ROUTE = frozenset(["receiver", "group_by", "group_wait", "group_interval", "repeat_interval"])
CHILD_ROUTE = ROUTE | {"matchers", "continue", "routes", "mute_time_intervals", "active_time_intervals"}
INHIBIT_RULE = frozenset(["source_matchers", "target_matchers", "equal"])

GLOBAL = Section(
    "resolve_timeout smtp_from smtp_hello smtp_smarthost smtp_auth_username smtp_auth_identity smtp_require_tls "
    "smtp_force_implicit_tls pagerduty_url slack_app_url",
    secrets="smtp_auth_password smtp_auth_secret slack_api_url slack_app_token",
    smtp_tls_config=TLS,
    http_config=HTTP,
)

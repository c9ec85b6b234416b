# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The receivers of Alertmanager 0.34 with their options, and what Prometheus Operator 0.93 does not read of them (`alone`).

https://prometheus.io/docs/alerting/latest/configuration/#receiver-integration-settings
"""

from __future__ import annotations

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_rules as rules
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_options import HTTP, TLS
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_section import Rule, Section, section


def by_http(*rules: Rule, flag: str = "", **options: Any) -> Section:
    """A receiver that HTTP requests go to."""
    return section(*rules, flag=f"send_resolved {flag}", http_config=HTTP, **options)


# What Slack and Mattermost call a field.
FIELD = section(rules.need("title"), rules.need("value"), text="title value", flag="short")
ATTACHMENT = (
    "fallback color pretext text author_name author_link author_icon title title_link thumb_url footer footer_icon image_url"
)
JIRA_FIELD = section(text="template", flag="enable_update", alone="template enable_update")

RECEIVERS = {
    "discord": by_http(
        rules.need("webhook_url_secret"),
        text="content title message username avatar_url",
        key="webhook_url",
        alone="webhook_url_file",
    ),
    "email": section(
        rules.need("to"),
        rules.need("from", "smtp_from"),
        rules.need("smarthost", "smtp_smarthost"),
        rules.mail_login,
        rules.mail_headers,
        flag="send_resolved require_tls force_implicit_tls",
        addresses="to from",
        host_port="smarthost",
        text="hello auth_username auth_identity html text",
        text_map="headers",
        key="auth_password auth_secret",
        tls_config=TLS,
        threading=section(rules.need("thread_by_date"), flag="enabled", choice={"thread_by_date": "daily none"}),
    ),
    # The URL may hold a key, or none.
    "incidentio": by_http(
        rules.need("url url_secret"),
        rules.incidentio_key,
        url="url",
        count="max_alerts",
        timeout="timeout",
        key="url alert_source_token",
    ),
    "jira": by_http(
        rules.need("project"),
        rules.need("issue_type"),
        rules.need("api_url", "jira_api_url"),
        rules.jira_texts,
        url="api_url",
        text="project summary description priority issue_type reopen_transition resolve_transition wont_fix_resolution",
        texts="labels",
        duration="reopen_duration",
        any_map="fields",
        choice={"api_type": "auto cloud datacenter"},
        summary=JIRA_FIELD,
        description=JIRA_FIELD,
    ),
    "mattermost": by_http(
        rules.need("webhook_url_secret", "mattermost_webhook_url_secret"),
        text=f"channel username icon_url icon_emoji type {ATTACHMENT}",
        key="webhook_url",
        alone="type",
        fields=[FIELD],
        attachments=[section(text=ATTACHMENT, fields=[FIELD])],
        props=section(text="card"),
        priority=section(text="priority", flag="requested_ack persistent_notifications"),
    ),
    "msteams": by_http(
        rules.need("webhook_url_secret"),
        text="title summary text",
        key="webhook_url",
        alone="webhook_url_file",
    ),
    "msteamsv2": by_http(rules.need("webhook_url_secret"), text="title text", key="webhook_url"),
    "opsgenie": by_http(
        rules.need("api_key_secret", "opsgenie_api_key_secret"),
        flag="update_alerts",
        url="api_url",
        text="message description source entity actions tags note priority",
        text_map="details",
        key="api_key",
        responders=[section(rules.need("id name username"), rules.responder_type, text="id name username type")],
    ),
    "pagerduty": by_http(
        rules.need("routing_key_secret service_key_secret"),
        rules.only_one("routing_key_secret service_key_secret"),
        url="url",
        text="client client_url description source severity class component group",
        any_map="details",
        timeout="timeout",
        key="routing_key service_key",
        images=[section(text="src alt href")],
        links=[section(text="href text")],
    ),
    "pushover": by_http(
        rules.need("user_key_secret"),
        rules.need("token_secret"),
        rules.only_one("html monospace"),
        flag="html monospace",
        template_url="url",
        text="title message url_title device sound priority",
        timeout="retry expire ttl",
        key="user_key token",
    ),
    # Its names of actions are Alertmanager's, which has no others.
    "rocketchat": by_http(
        rules.need("token_secret", "rocketchat_token_secret"),
        rules.need("token_id_secret", "rocketchat_token_id_secret"),
        flag="short_fields link_names",
        url="api_url",
        text="channel color title title_link text emoji icon_url image_url thumb_url",
        key="token token_id",
        alone="actions",
        fields=[section(text="title value", flag="short")],
        actions=[
            section(
                text="type text url imageurl webviewheightratio msg",
                flag="iswebview msginchatwindow",
                choice={"msgprocessingtype": "sendMessage respondWithMessage"},
            )
        ],
    ),
    "slack": by_http(
        rules.need("api_url_secret app_token_secret", "slack_api_url_secret slack_app_token_secret"),
        rules.only_one("api_url_secret app_token_secret"),
        rules.slack_app,
        flag="short_fields link_names update_message",
        url="app_url",
        slack_url="api_url",
        text="channel username color title title_link pretext text message_text footer fallback callback_id icon_emoji icon_url "
        "image_url thumb_url",
        texts="mrkdwn_in",
        timeout="timeout",
        key="api_url app_token",
        fields=[FIELD],
        actions=[
            section(
                rules.need("type"),
                rules.need("text"),
                rules.slack_action,
                text="type text url style name value",
                confirm=section(rules.need("text"), text="text title ok_text dismiss_text"),
            )
        ],
    ),
    "sns": by_http(
        rules.need("topic_arn target_arn phone_number"),
        rules.only_one("topic_arn target_arn phone_number"),
        flag="use_aws_http_client",
        template_url="api_url",
        text="topic_arn phone_number target_arn subject message",
        text_map="attributes",
        sigv4=section(
            rules.requires("external_id", "role_arn"),
            text="region profile role_arn external_id service_name",
            flag="use_fips_sts_endpoint",
            inline_key="access_key secret_key",
            alone="service_name use_fips_sts_endpoint",
        ),
    ),
    "telegram": by_http(
        rules.need("bot_token_secret", "telegram_bot_token_secret"),
        rules.need("chat_id chat_id_secret"),
        flag="disable_notifications",
        url="api_url",
        integer="chat_id message_thread_id",
        text="message",
        key="bot_token chat_id",
        choice={"parse_mode": "Markdown MarkdownV2 HTML"},
    ),
    "victorops": by_http(
        rules.need("api_key_secret", "victorops_api_key_secret"),
        rules.need("routing_key"),
        rules.victorops_fields,
        url="api_url",
        text="routing_key message_type state_message entity_display_name monitoring_tool",
        text_map="custom_fields",
        key="api_key",
    ),
    "webex": by_http(rules.need("room_id"), rules.webex_key, url="api_url", text="message room_id"),
    # The URL may hold a key, or none.
    "webhook": by_http(
        rules.need("url url_secret"),
        template_url="url",
        count="max_alerts",
        timeout="timeout",
        anything="payload",
        key="url",
    ),
    "wechat": by_http(
        rules.need("api_secret_secret", "wechat_api_secret_secret"),
        rules.need("corp_id", "wechat_api_corp_id"),
        url="api_url",
        text="corp_id message to_user to_party to_tag agent_id",
        key="api_secret",
        choice={"message_type": "text markdown"},
    ),
}

// Makes what sends to a receiver, of whichever kind.
import { alertmanagerSender } from './alertmanager.ts'
import { jsonLinesSender } from './json-lines.ts'
import type { ReceiverConfig } from './notify-config.ts'
import type { Network } from './send-http.ts'
import type { Sender } from './sender.ts'
import { slackSender } from './slack.ts'
import { syslogSender } from './syslog.ts'
import { webhookSender } from './webhook.ts'

/** @throws GabionError (config) when a secret cannot be read, or is of another form */
export function openSender(config: ReceiverConfig, network: Network): Sender {
  switch (config.kind) {
    case 'webhook':
      return webhookSender(config, network)
    case 'slack':
      return slackSender(config, network)
    case 'alertmanager':
      return alertmanagerSender(config, network)
    case 'syslog':
      return syslogSender(config, network)
    case 'json-lines':
      return jsonLinesSender(config)
  }
}

// Webhooks as Standard Webhooks has them: JSON with an id, a time and a signature (https://www.standardwebhooks.com).
import { Webhook } from 'standardwebhooks'
import { GabionError } from '../../runtime/errors.ts'
import type { Message } from './message.ts'
import type { ReceiverOf } from './notify-config.ts'
import { readSecret } from './secret-file.ts'
import { secretUrl } from './secret-url.ts'
import { type Network, post } from './send-http.ts'
import type { Sender } from './sender.ts'

type Config = ReceiverOf<'webhook'>

/** @throws GabionError when a secret cannot be read or is none */
export function webhookSender(config: Config, network: Network): Sender {
  const read = () => ({
    url: config.urlFile === undefined ? new URL(config.url ?? '') : secretUrl('urlFile', config.urlFile),
    keys: readKeys(config.secretFile),
    authorization: config.authorizationFile && readSecret('authorizationFile', config.authorizationFile),
  })
  read()
  return {
    send(message, signal) {
      const { url, keys, authorization } = read()
      const body = webhookBody(message)
      const at = new Date(network.clock.now())
      const headers = {
        'webhook-id': message.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': keys.map(key => key.sign(message.id, at, body)).join(' '),
        ...(authorization && { authorization }),
      }
      return post({ url, headers, body }, config, network, signal)
    },
  }
}

export function webhookBody({ id, createdAt, isTest, ...data }: Message): string {
  return JSON.stringify({
    type: isTest ? 'gabion.test' : 'gabion.changes',
    timestamp: createdAt,
    data: { id, ...data },
  })
}

/** @source Standard Webhooks: 24 to 64 bytes */
const keyBytes = { least: 24, most: 64 }
const maxKeys = 4

/** One secret a line: while they change, messages are signed with each. */
function readKeys(file: string): readonly Webhook[] {
  const lines = readSecret('secretFile', file).split(/\s+/)
  return lines.map(line => {
    const [, text = ''] = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? []
    const size = Buffer.from(text, 'base64').length
    if (lines.length <= maxKeys && size >= keyBytes.least && size <= keyBytes.most) return new Webhook(text)
    throw new GabionError(
      'config',
      `secretFile: ${file}: expected 1 to ${maxKeys} lines of whsec_ and ${keyBytes.least} to ${keyBytes.most} bytes in base64`,
    )
  })
}

// Receivers as the configuration would name them, for tests.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NotifySchema, type ReceiverConfig } from '../../../collector/notify/notify-config.ts'

export const signingSecret = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`

/** @throws when it is none */
export function receiverOf(given: object): ReceiverConfig {
  const [receiver] = NotifySchema.parse([given])
  if (!receiver) throw new Error('no receiver')
  return receiver
}

/** A file with the mode that a secret has to have. @returns its path */
export function secretFile(directory: string, name: string, text: string, mode = 0o600): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

/** A webhook to loopback that is told at once. */
export function webhookOf(directory: string, url: string, more: object = {}): ReceiverConfig {
  return receiverOf({
    ...{ name: 'ops', kind: 'webhook', url, allowAddresses: ['127.0.0.1'], groupWait: '0s', groupInterval: '1s' },
    secretFile: secretFile(directory, 'secret', `${signingSecret}\n`),
    ...more,
  })
}

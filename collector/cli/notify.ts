// `gabion-collector notify`: whether those who are to be told of changes can be.
import { Command } from 'commander'
import { visible } from '../../policy/visible-text.ts'
import { systemClock } from '../../runtime/clock.ts'
import { GabionError } from '../../runtime/errors.ts'
import { defaultConfigFile } from '../collector-config.ts'
import { openReceivers, sendTest } from '../notify/open-notify.ts'
import { systemResolve } from '../notify/send-http.ts'
import { readSettings } from './settings.ts'

interface NotifyOptions {
  readonly config?: string
}

const help = `
Reads the configuration as serve does and sends one message that says it is a test; a running collector is not needed and
takes no part. The exit code is 0 when the receiver took it.

Example:
  gabion-collector notify test ops-slack`

export function notifyCommand(): Command {
  const test = new Command('test')
    .description('send a message that says it is a test')
    .option('--config <file>', `configuration file (default: ${defaultConfigFile} if it is there)`)
    .argument('<receiver>', 'name under notify: in the configuration')
    .addHelpText('after', help)
    .action(testReceiver)
  return new Command('notify').description('receivers that are told of changes').addCommand(test)
}

async function testReceiver(name: string, { config }: NotifyOptions): Promise<void> {
  const { notify } = readSettings(config, {})
  const network = { clock: systemClock, resolve: systemResolve }
  const wanted = notify.filter(receiver => receiver.name === name)
  const [receiver] = openReceivers(wanted, network)
  if (!receiver) {
    const known = notify.length === 0 ? 'there is none' : `known are ${notify.map(one => one.name).join(', ')}`
    throw new GabionError('usage', `receiver ${visible(name)}: the configuration has none of that name; ${known}`)
  }
  const error = await sendTest(receiver.sender, systemClock, new AbortController().signal)
  if (error !== '') throw new GabionError('internal', `receiver ${name}: ${visible(error)}`)
  process.stderr.write(`receiver ${name} took the message\n`)
}

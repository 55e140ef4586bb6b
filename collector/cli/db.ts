// `gabion-collector db`: looks after the database.
import { Command } from 'commander'
import { GabionError } from '../../runtime/errors.ts'
import { databasePath } from '../data-directory.ts'
import { checkDatabase } from '../store/sqlite/check-database.ts'
import { type DataOptions, dataOptions, readSettings } from './settings.ts'

export function dbCommand(): Command {
  const check = dataOptions(
    new Command('check').description(
      'read the whole database and say whether it is sound; a collector may run meanwhile',
    ),
  )
    .addHelpText('after', '\nExample:\n  gabion-collector db check --data-dir ./data/collector')
    .action(checkDb)
  return new Command('db').description('look after the database').addCommand(check)
}

async function checkDb({ dataDir, config }: DataOptions): Promise<void> {
  const settings = readSettings(config, { dataDir })
  const path = databasePath(settings.dataDir)
  const { problems, schema, rows } = await checkDatabase(path)
  if (problems.length > 0) throw new GabionError('store', `${path}: ${problems.join('\n  ')}`)
  const counts = Object.entries(rows).map(([table, count]) => `${count} ${table}`)
  process.stdout.write(`${path}: sound, schema ${schema}, ${counts.join(', ')}\n`)
}

// Settings that commands beside `serve` share: where the data is, and how hosts reach the collector.
import { hostname } from 'node:os'
import type { Command } from 'commander'
import { loadConfig } from '../../runtime/config.ts'
import { type CollectorConfig, CollectorConfigSchema, defaultConfigFile } from '../collector-config.ts'
import { databasePath } from '../data-directory.ts'
import { type DatabaseLocation, parseDatabaseLocation } from '../store/database-location.ts'

/** What `dataOptions` give. */
export interface DataOptions {
  readonly dataDir?: string
  readonly database?: string
  readonly config?: string
}

/** The options of a command that works on the database of a collector. */
export const dataOptions = (command: Command): Command =>
  command
    .option('--data-dir <dir>', 'directory of the database')
    .option(
      '--database <where>',
      'sqlite:PATH or postgres://USER@HOST/DATABASE (default: collector.db in the directory)',
    )
    .option('--config <file>', `configuration file (default: ${defaultConfigFile} if it is there)`)

/** @throws GabionError with code `config` */
export function readSettings(
  config: string | undefined,
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): CollectorConfig {
  const file = { path: config ?? defaultConfigFile, required: config !== undefined }
  return loadConfig({ schema: CollectorConfigSchema, file, environment, flags })
}

/** @throws GabionError with code `config` */
export function dataSettings({ config, dataDir, database }: DataOptions): CollectorConfig {
  return readSettings(config, { dataDir, database })
}

/** @throws GabionError with code `config` */
export function databaseOf({ database, dataDir, databasePasswordFile }: CollectorConfig): DatabaseLocation {
  return parseDatabaseLocation(database, databasePath(dataDir), databasePasswordFile)
}

/** Names and addresses that hosts reach the collector by, the one to give out first. */
export function advertisedNames({ advertise }: CollectorConfig): readonly [string, ...string[]] {
  const [first = hostname(), ...others] = advertise
  return [first, ...others]
}

// Settings that commands beside `serve` share: where the data is, and how hosts reach the collector.
import { hostname } from 'node:os'
import { loadConfig } from '../../runtime/config.ts'
import { type CollectorConfig, CollectorConfigSchema, defaultConfigFile } from '../collector-config.ts'

/** @throws GabionError with code `config` */
export function readSettings(
  config: string | undefined,
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): CollectorConfig {
  const file = { path: config ?? defaultConfigFile, required: config !== undefined }
  return loadConfig({ schema: CollectorConfigSchema, file, environment, flags })
}

/** Names and addresses that hosts reach the collector by, the one to give out first. */
export function advertisedNames({ advertise }: CollectorConfig): readonly [string, ...string[]] {
  const [first = hostname(), ...others] = advertise
  return [first, ...others]
}

// Configuration of the resident agent: every key with its default and meaning.
import * as z from 'zod'
import { type ResolvedConfig, resolveConfig } from '../runtime/config.ts'
import { logLevels } from '../runtime/log.ts'
import { defaultConfigFile, defaultStateDirectory } from './places.ts'

const path = z.string().max(4096)
const seconds = z.int('expected whole seconds').min(1).max(86_400)

/** A record in the file, `a=b,c=d` in the environment. */
const pairs = <T extends z.ZodType>(value: T) =>
  z.preprocess(
    given => (typeof given === 'string' ? fromPairs(given) : given),
    z.record(z.string().min(1).max(320), value),
  )

/** A list in the file, separated by commas in the environment. */
const list = z.preprocess(given => (typeof given === 'string' ? given.split(/\s*,\s*/) : given), z.array(path.min(1)))

export const AgentConfigSchema = z.object({
  collector: z
    .string()
    .default('')
    .describe('gRPC address of the collector, HOST:PORT or unix:/PATH; empty: as enrolled, or none'),
  exchangeAddress: z
    .string()
    .default('')
    .describe('where to POST where streams break, HOST:PORT; empty: port 50053 of the collector’s host'),
  tokenFile: path.default('').describe('Kubernetes: the projected ServiceAccount token that proves this node'),
  caFile: path.default('').describe('Kubernetes: the CA bundle that the collector is verified by'),
  nodeName: z.string().max(253).default('').describe('Kubernetes: the node that this pod runs on'),
  root: path.min(1).default('/').describe('look at the host mounted here'),
  stateDir: path.min(1).default(defaultStateDirectory).describe('the agent’s own directory'),
  textfile: path.default('').describe('without a collector: keep gabion.prom in this directory'),
  policy: list.default([]).describe('without a collector: files and directories of a site’s own policy'),
  labels: pairs(z.string().max(256)).default({}).describe('labels of this host'),
  portProbes: z.boolean().default(true).describe('send an anonymous request to the kubelet’s ports'),
  kubeletTokenFile: path.default('').describe('a token that may get nodes/configz'),
  probeSeconds: pairs(seconds)
    .default({})
    .describe('facet → seconds between two runs of its probe, instead of its own'),
  memoryLimitMib: z
    .int('expected whole mebibytes')
    .min(0)
    .max(65_536)
    .refine(mib => mib === 0 || mib >= 64, 'expected 64 or more, or 0 for no limit')
    .default(256)
    .describe(
      'over so many MiB resident the agent drops what it can read again, then ends with exit code 75; 0: no limit',
    ),
  cpuLimitPercent: z
    .number('expected percent of one core')
    .min(0)
    .max(100)
    .default(10)
    .describe('over so many percent of one core, over some minutes, the agent looks less often; 0: no limit'),
  logLevel: z.enum(logLevels).default('info').describe('least level that is logged'),
})
export type AgentConfig = z.infer<typeof AgentConfigSchema>

/**
 * Default < file < environment < flag.
 * @param file undefined for the usual one, which need not be there
 * @throws GabionError with code `config`
 */
export function readAgentConfig(
  file: string | undefined,
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ResolvedConfig<AgentConfig> {
  const source = { path: file ?? defaultConfigFile, required: file !== undefined }
  return resolveConfig({ schema: AgentConfigSchema, file: source, environment, flags })
}

function fromPairs(text: string): Readonly<Record<string, unknown>> {
  const entries = text.split(',').map(part => {
    const [key = '', ...value] = part.split('=')
    const joined = value.join('=')
    return [key.trim(), /^\d{1,9}$/.test(joined) ? Number(joined) : joined] as const
  })
  return Object.fromEntries(entries)
}

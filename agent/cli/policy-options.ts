// Options of the commands that judge: a site's policy and the labels of this host.
import { InvalidArgumentError, Option } from 'commander'
import type { Labels } from '../../policy/host-selector.ts'
import { policyDirectory } from '../../site/policy-directory.ts'

/** What these options give. */
export interface PolicyOptions {
  /** false with --no-policy */
  readonly policy?: readonly string[] | false
  readonly label?: Labels
}

export const policyOption = () =>
  new Option(
    '--policy <path>',
    `a file of the site’s own policy, or a directory of them; may be repeated (default: ${policyDirectory} if it is there)`,
  ).argParser((path: string, before: readonly string[] | undefined) => [...(before ?? []), path])

export const noPolicyOption = () => new Option('--no-policy', 'judge by the built-in checks alone')

export const labelOption = () =>
  new Option(
    '--label <key=value>',
    'a label of this host, that tailoring and waivers select by; may be repeated',
  ).argParser(label)

/** As the wire limits them. */
const maxLabels = 64
const maxKeyLength = 320
const maxValueLength = 256

function label(text: string, before: Labels | undefined): Labels {
  const [, key, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? []
  if (key === undefined || value === undefined) throw new InvalidArgumentError('expected KEY=VALUE such as role=web.')
  if (key.length > maxKeyLength || value.length > maxValueLength) {
    throw new InvalidArgumentError(`a key has at most ${maxKeyLength} characters, a value ${maxValueLength}.`)
  }
  const labels = { ...before, [key]: value }
  if (Object.keys(labels).length > maxLabels) throw new InvalidArgumentError(`a host has at most ${maxLabels} labels.`)
  return labels
}

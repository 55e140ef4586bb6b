// Option `--output FORMAT[=FILE]`: which reports are written, and where to.
import { InvalidArgumentError, Option } from 'commander'
import { type FormatName, formatNames, formats } from '../../report/formats.ts'
import { usageError } from '../../runtime/errors.ts'

export interface Output {
  readonly format: FormatName
  /** empty for standard output */
  readonly file: string
}

export const outputOption = () =>
  new Option('-o, --output <format[=file]>', 'form of the report, and where to; may be repeated')
    .argParser(parseOutput)
    .default([], 'table')

/** What else the standard output is called. */
const standardOutput = ['-', '/dev/stdout']

/** One output after the others. @throws InvalidArgumentError for a format that there is not, or a file without a name */
function parseOutput(value: string, before: readonly Output[]): readonly Output[] {
  const [, name = '', equals, file = ''] = /^([^=]*)(=?)([\s\S]*)$/.exec(value) ?? []
  const format = formatNames.find(item => item === name)
  if (!format) throw new InvalidArgumentError(`expected one of ${formatNames.join(', ')}.`)
  if (equals === '=' && file === '') throw new InvalidArgumentError(`expected a file after '${name}='.`)
  return [...before, { format, file: standardOutput.includes(file) ? '' : file }]
}

/** What is to be written; a table when nothing was asked for. @throws GabionError (usage) when two share a place */
export function chosenOutputs(outputs: readonly Output[]): readonly Output[] {
  if (outputs.length === 0) return [{ format: 'table', file: '' }]
  const seen = new Map<string, FormatName>()
  for (const { format, file } of outputs) {
    const other = seen.get(file)
    if (other !== undefined) throw usageError(sharedPlace(other, format, file))
    seen.set(file, format)
  }
  return outputs
}

const sharedPlace = (one: FormatName, other: FormatName, file: string) =>
  file === ''
    ? `--output ${one} and --output ${other} both go to standard output; give one a file: --output ${other}=FILE`
    : `--output ${one}=${file} and --output ${other}=${file} name the same file`

/** Lines for the help text. */
export const formatHelp = `
Formats:
${formats.map(({ name, description }) => `  ${name.padEnd(12)} ${description}`).join('\n')}`

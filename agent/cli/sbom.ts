// `gabion-agent sbom`: its options; the work is loaded when it is asked for.
import { Command, Option } from 'commander'
import { rootOption } from './options.ts'
import type { SbomOptions } from './write-sbom.ts'

export function sbomCommand(): Command {
  return new Command('sbom')
    .description('print the packages of this host as a bill of materials')
    .addOption(rootOption())
    .addOption(
      new Option('-o, --output <format>', 'CycloneDX 1.6 in JSON')
        .choices(['cyclonedx-json'])
        .default('cyclonedx-json'),
    )
    .addHelpText('after', help)
    .action(async (options: SbomOptions) => (await import('./write-sbom.ts')).writeSbom(options))
}

const help = `
Exit codes:
  0  done
  2  bad usage
  3  the packages of this host could not be read

Examples:
  gabion-agent sbom > host.cdx.json
  gabion-agent sbom --root /mnt/image > image.cdx.json
  gabion-agent sbom | trivy sbom -`

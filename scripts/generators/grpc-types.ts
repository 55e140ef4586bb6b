// TypeScript types and a JSON descriptor of the wire contract, from proto/gabion/v1.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import protobuf from 'protobufjs'
import { wireOptions } from '../../proto/wire-options.ts'
import type { GeneratedFile } from './index.ts'

const protoFiles = ['gabion/v1/enrollment.proto', 'gabion/v1/uplink.proto']

export function grpcTypes(root: string): readonly GeneratedFile[] {
  return [descriptor(root), ...types(root)]
}

/** The descriptor is compiled in, so that a bundle needs no .proto file beside it. */
function descriptor(root: string): GeneratedFile {
  const contract = new protobuf.Root()
  for (const file of protoFiles) {
    protobuf.parse(readFileSync(join(root, 'proto', file), 'utf8'), contract, { keepCase: false })
  }
  const { nested } = contract.toJSON()
  const text = JSON.stringify({ nested }, null, 2)
  return {
    path: 'proto/descriptor.generated.ts',
    content: `// Made by \`npm run gen\` from proto/gabion/v1. Do not edit.\nexport const descriptor: unknown = ${text}\n`,
  }
}

function types(root: string): readonly GeneratedFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'gabion-types-'))
  try {
    const flags = [
      ...['--longs', wireOptions.longs.name, '--enums', wireOptions.enums.name],
      ...['--defaults', '--oneofs', '--grpcLib', '@grpc/grpc-js'],
      ...['--importFileExtension', '.ts', '-I', join(root, 'proto'), '-O', folder],
    ]
    const tool = join(root, 'node_modules/.bin/proto-loader-gen-types')
    execFileSync(process.execPath, [tool, ...flags, ...protoFiles], { stdio: ['ignore', 'ignore', 'inherit'] })
    return walk(folder).map(file => ({
      path: `proto/generated/${relative(folder, file)}`,
      content: readFileSync(file, 'utf8').replaceAll(`${root}/`, ''),
    }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap(entry => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort()
}

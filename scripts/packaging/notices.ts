// The licences of the packages that a bundle holds, and of Node.js.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './target.ts'

const folderPattern = /^(?<folder>.*node_modules\/(?:@[^/]+\/)?[^/]+)\//

/** @param inputs paths of the bundled files, from the root of the repository */
export function noticesOf(inputs: readonly string[]): string {
  const folders = [...new Set(inputs.map(input => folderPattern.exec(input)?.groups?.['folder'] ?? ''))].sort()
  return folders
    .filter(folder => folder !== '')
    .map(folder => noticeOf(join(root, folder)))
    .join('\n')
}

export function noticeOf(folder: string): string {
  const {
    name = '',
    version = '',
    license = '',
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<Record<string, string>>
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter(file => /^(?:licen[cs]e|notice)/i.test(file))
        .sort()
    : []
  const texts = files.map(file => readFileSync(join(folder, file), 'utf8').trim())
  return [`${'='.repeat(78)}\n${name} ${version} (${license})\n${'='.repeat(78)}`, ...texts, ''].join('\n')
}

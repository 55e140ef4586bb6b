// The licences of the packages that a bundle holds, and of Node.js.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolders } from '../bundled-packages.ts'
import { root } from './target.ts'

/** @param inputs paths of the bundled files, from the root of the repository */
export const noticesOf = (inputs: readonly string[]): string =>
  packageFolders(inputs)
    .map(folder => noticeOf(join(root, folder)))
    .join('\n')

export function noticeOf(folder: string): string {
  const {
    name = '',
    version = '',
    license = '',
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<Record<string, string>>
  const files = readdirSync(folder)
    .filter(file => /^(?:licen[cs]e|notice)/i.test(file))
    .sort()
  const texts = files.map(file => readFileSync(join(folder, file), 'utf8').trim())
  return [`${'='.repeat(78)}\n${name} ${version} (${license})\n${'='.repeat(78)}`, ...texts, ''].join('\n')
}

// Writes databases of rpm, as those of Red Hat 9, for tests on little hosts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { packageHeader } from './rpm-header-bytes.ts'

/** @param packages name → `version-release` */
export function rpmDatabase(packages: Readonly<Record<string, string>>): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'gabion-rpm-'))
  try {
    const path = join(directory, 'rpmdb.sqlite')
    const database = new DatabaseSync(path)
    database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)')
    const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)')
    for (const [name, text] of Object.entries(packages)) {
      const [version = '', release = ''] = text.split('-')
      insert.run(packageHeader(name, version, release))
    }
    database.close()
    return readFileSync(path)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

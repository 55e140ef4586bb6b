// Reads auditd's own configuration, and the modes of its files, logs and tools.

import type { AuditdConfFacts, AuditFacts } from '../../proto/facets/audit.ts'
import type { Failure, Host, Outcome } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { octalMode } from '../octal-mode.ts'
import { parseAuditdConf } from '../parse/auditd-conf.ts'
import type { Gaps } from '../probe.ts'

export const daemonFile = '/etc/audit/auditd.conf'
const defaultLog = '/var/log/audit/audit.log'

/** Undefined, with a gap, when the file cannot be read. */
export async function readDaemonConf(host: Host, gaps: Gaps): Promise<AuditdConfFacts | undefined> {
  const text = await host.readText(daemonFile)
  if (text.state !== 'present' && text.state !== 'absent') {
    gaps.note('daemon', 'omitted', text)
    return undefined
  }
  const { values, malformed } = parseAuditdConf(text.state === 'present' ? text.value : '')
  noteMalformedLines(gaps, 'daemon', 'incomplete', daemonFile, malformed)
  const word = (key: string, preset: string) => (values.get(key) ?? preset).toLowerCase().split(/\s+/)[0] ?? preset
  const number = (key: string) => (/^\d{1,9}$/.test(values.get(key) ?? '') ? Number(values.get(key)) : 0)
  return {
    present: text.state === 'present',
    logFile: values.get('log_file') ?? defaultLog,
    writesLogs: word('write_logs', 'yes') !== 'no' && word('log_format', 'raw') !== 'nolog',
    maxLogFileMiB: number('max_log_file'),
    numLogs: number('num_logs'),
    maxLogFileAction: word('max_log_file_action', 'ignore'),
    spaceLeftAction: word('space_left_action', 'ignore'),
    adminSpaceLeftAction: word('admin_space_left_action', 'ignore'),
    diskFullAction: word('disk_full_action', 'ignore'),
    diskErrorAction: word('disk_error_action', 'syslog'),
  }
}

const tools = ['auditctl', 'auditd', 'augenrules', 'aureport', 'ausearch', 'autrace'] as const
const toolDirectories = ['/usr/sbin', '/sbin'] as const

type FileRow = AuditFacts['files'][number]

/** @param ruleFiles those that were found @param logFile undefined when the configuration is unknown */
export async function readFileModes(
  host: Host,
  ruleFiles: readonly string[],
  logFile: string | undefined,
  gaps: Gaps,
): Promise<readonly FileRow[]> {
  const rows: FileRow[] = []
  const add = async (path: string, role: FileRow['role']) => {
    const stat = await host.stat(path)
    if (stat.state === 'present') rows.push({ path, role, ...modeOf(stat.value) })
    else gaps.note('files', 'incomplete', stat)
    return stat.state === 'present'
  }
  await add(daemonFile, 'configuration')
  for (const path of ruleFiles) await add(path, 'rules')
  if (logFile?.startsWith('/')) {
    await add(logFile, 'log')
    await add(logFile.slice(0, logFile.lastIndexOf('/')) || '/', 'logDirectory')
  }
  for (const tool of tools) {
    for (const directory of toolDirectories) if (await add(`${directory}/${tool}`, 'tool')) break
  }
  return rows
}

function modeOf({ mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number }) {
  return { mode: octalMode(mode), uid, gid }
}

/** Whether auditd or auditctl is there. */
export async function isInstalled(host: Host, gaps: Gaps): Promise<boolean | undefined> {
  const failures: Failure[] = []
  for (const path of ['auditctl', 'auditd'].flatMap(tool => toolDirectories.map(directory => `${directory}/${tool}`))) {
    const stat: Outcome<unknown> = await host.stat(path)
    if (stat.state === 'present') return true
    if (stat.state !== 'absent') failures.push(stat)
  }
  const conf = await host.stat(daemonFile)
  if (conf.state === 'present') return true
  if (conf.state !== 'absent') failures.push(conf)
  for (const failure of failures) gaps.note('installed', 'omitted', failure)
  return failures.length === 0 ? false : undefined
}

// Facet `audit`: the kernel's audit trail: its daemon, its rules on disk and loaded, and what they leave out.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

export const AuditRuleRowSchema = z.object({
  rule: z.string().describe('as auditctl -l prints it, with system calls, fields and keys sorted and ids as numbers'),
  action: z.enum(['always', 'never']).describe('never: what it matches is not recorded'),
  list: z.string().describe('exit, task, user, exclude, filesystem or io_uring'),
  configured: z.boolean().optional().describe('in the files that boot loads, before any line that ends the loading'),
  loaded: z.boolean().optional().describe('in the running kernel'),
  path: z.string().describe('file that has it, empty when no file has'),
  line: z.int().describe('line in that file, 0 when no file has it'),
})
export type AuditRuleRow = z.infer<typeof AuditRuleRowSchema>

export const AuditGroupSchema = z.object({
  group: z.string().describe('what it is about, such as identity or time-change'),
  needed: z.int().describe('how many watches and system calls it takes on this host'),
  configured: z.boolean().optional().describe('rules of the files record all of them'),
  loaded: z.boolean().optional().describe('rules of the running kernel record all of them'),
  missing: sortedSet(z.string()).optional().describe('what no rule of the files records: paths and `arch call`'),
  notLoaded: sortedSet(z.string()).optional().describe('what no rule of the running kernel records'),
})
export type AuditGroup = z.infer<typeof AuditGroupSchema>

export const AuditdConfSchema = z.object({
  present: z.boolean().describe('/etc/audit/auditd.conf exists; else what follows are the defaults of auditd'),
  logFile: z.string().describe('log_file'),
  writesLogs: z.boolean().describe('write_logs'),
  maxLogFileMiB: z.int().describe('max_log_file, 0 for no limit'),
  numLogs: z.int().describe('num_logs kept by rotation'),
  maxLogFileAction: z
    .string()
    .describe('max_log_file_action in lower case: ignore, syslog, suspend, rotate, keep_logs'),
  spaceLeftAction: z.string().describe('space_left_action in lower case, of exec the word alone'),
  adminSpaceLeftAction: z.string().describe('admin_space_left_action in lower case, of exec the word alone'),
  diskFullAction: z.string().describe('disk_full_action in lower case, of exec the word alone'),
  diskErrorAction: z.string().describe('disk_error_action in lower case, of exec the word alone'),
})
export type AuditdConfFacts = z.infer<typeof AuditdConfSchema>

export const AuditFacet = defineFacet({
  name: 'audit',
  version: 1,
  title: 'Audit trail: daemon, rules on disk and in the kernel, what they cover, files',
  facts: {
    installed: z.boolean().optional().describe('auditd or auditctl is there'),
    atBoot: z.boolean().optional().describe('auditd starts at boot'),
    running: z.boolean().optional().describe('auditd runs on the host; left out on an offline root'),
    commandLine: z
      .enum(['on', 'off', 'unset'])
      .optional()
      .describe('audit= on the kernel command line: on audits every process from the first one on'),
    kernel: z
      .object({
        enabled: z.int().describe('0 off, 1 on, 2 on and locked until reboot'),
        failure: z.int().describe('when an event cannot be recorded: 0 nothing, 1 a line in the kernel log, 2 panic'),
        backlogLimit: z.int().describe('events that may wait'),
      })
      .optional()
      .describe('auditctl -s; left out where it cannot be asked'),
    daemon: AuditdConfSchema.optional().describe('auditd.conf'),
    source: z
      .enum(['augenrules', 'audit.rules', 'none'])
      .optional()
      .describe('where boot takes the rules from: rules.d by augenrules, audit.rules itself, or there are none'),
    rulesFileCurrent: z
      .boolean()
      .optional()
      .describe('audit.rules is what augenrules makes of rules.d now; true where augenrules is not used'),
    settings: z
      .object({
        immutable: z.boolean().describe('the last -e is 2: rules are locked until reboot'),
        failure: z.int().describe('the last -f, -1 for none'),
        backlogLimit: z.int().describe('the last -b, -1 for none'),
        loginuidImmutable: z.boolean().describe('--loginuid-immutable'),
      })
      .optional()
      .describe('what the files set beside rules'),
    rules: keyed(AuditRuleRowSchema, ['rule']).describe('rules of the files and of the running kernel together'),
    coverage: keyed(AuditGroupSchema, ['group']).describe(
      'well-known groups of things to record; what the host lacks is left out; empty without auditd and rules',
    ),
    files: keyed(
      z.object({
        path: z.string().describe('host path'),
        role: z.enum(['configuration', 'rules', 'log', 'logDirectory', 'tool']).describe('what it is'),
        mode: z.string().describe('permission bits in octal, four digits'),
        uid: z.int().describe('owner'),
        gid: z.int().describe('group'),
      }),
      ['path'],
    ).describe('configuration, rules, the log now written, its directory, and the tools'),
  },
  observations: {
    lost: z.int().describe('events lost since boot, -1 when auditctl cannot be asked'),
    backlog: z.int().describe('events waiting now, -1 when auditctl cannot be asked'),
  },
})
export type AuditFacts = FactsOf<typeof AuditFacet>
export type AuditObservations = ObservationsOf<typeof AuditFacet>

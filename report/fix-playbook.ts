// A fix plan as an Ansible playbook whose tasks all are tagged `never`: each runs only when its tag is asked for.
import type { FixStep } from '../policy/check.ts'
import { shown } from './escape.ts'
import { hostName } from './findings.ts'
import type { FixPlan, PlannedFix } from './fix-plan.ts'

/** @source ansible.builtin: copy, file, command, slurp, assert, import of no collection */
export function renderFixPlaybook(plan: FixPlan): string {
  const { fixes, prose, host } = plan
  return [
    ...heading(plan).map(comment),
    '---',
    `- name: ${quoted(plainName(`Fix plan for ${hostName(host)}`))}`,
    '  hosts: all',
    '  become: true',
    '  gather_facts: false',
    '  tasks:',
    ...guard(plan),
    ...fixes.flatMap(task),
    ...(prose.length > 0 ? ['', '# What only words tell how to fix:', ...prose.flatMap(proseLines)] : []),
    '',
  ].join('\n')
}

function heading({ tool, host, scannedAt, fixes, prose }: FixPlan): readonly string[] {
  return [
    `Fix plan for ${shown(hostName(host))}${host.id && ` (${shown(host.id)})`}, judged ${scannedAt} by ${tool.name} ${tool.version}`,
    `${fixes.length} findings with tasks, ${prose.length} in words only.`,
    '',
    'Read it first. Without tags it changes nothing; each task runs when its check or severity is asked for:',
    '  ansible-playbook -i HOST, fix-plan.yaml --list-tags',
    '  ansible-playbook -i HOST, fix-plan.yaml --tags CHECK --check --diff    shows what would change',
    '  ansible-playbook -i HOST, fix-plan.yaml --tags CHECK                   changes it',
    'Files that are replaced are kept beside the new one, by the name that Ansible prints.',
  ]
}

const comment = (text: string) => (text === '' ? '#' : `# ${text}`)

/** The plan names files of one host, so it stops on every other one. */
function guard({ host }: FixPlan): readonly string[] {
  if (!/^[0-9a-f]{32}$/.test(host.id)) return []
  return [
    '    - name: Read which host this is',
    '      ansible.builtin.slurp:',
    '        src: /etc/machine-id',
    '      register: gabion_machine_id',
    '      tags: [always]',
    '    - name: This is the host that was judged',
    '      ansible.builtin.assert:',
    '        that:',
    `          - "(gabion_machine_id.content | b64decode | trim) == '${host.id}'"`,
    '        fail_msg: This is not the host that was judged',
    '      tags: [always]',
  ]
}

function task({ check, title, severity, about, steps }: PlannedFix): readonly string[] {
  return [
    '',
    ...about.map(line => `    ${comment(line)}`),
    `    - name: ${quoted(plainName(`${check}: ${title}`))}`,
    `      tags: [never, ${quoted(check)}, ${severity}]`,
    '      block:',
    ...steps.flatMap(stepTasks),
  ]
}

const proseLines = ({ check, title, severity, about }: PlannedFix): readonly string[] => [
  '#',
  ...[`[${severity}] ${check}: ${title}`, ...about].map(comment),
]

function stepTasks(step: FixStep): readonly string[] {
  if ('file' in step) {
    return moduleTask('ansible.builtin.copy', `Write ${step.file}`, [
      ['dest', quoted(step.file)],
      ['content', quoted(`${step.lines.join('\n')}\n`)],
      ['mode', quoted(step.mode)],
      ['owner', 'root'],
      ['group', 'root'],
      ['backup', 'true'],
    ])
  }
  if ('run' in step) {
    return moduleTask('ansible.builtin.command', `Run ${step.run[0] ?? ''}`, [
      ['argv', `[${step.run.map(quoted).join(', ')}]`],
    ])
  }
  return step.paths.flatMap(path => rightsTask(step, path))
}

function rightsTask({ mode, owner }: Extract<FixStep, { readonly paths: unknown }>, path: string): readonly string[] {
  const [user = '', group = ''] = owner.split(':')
  return moduleTask('ansible.builtin.file', 'Set rights', [
    ['path', quoted(path)],
    ['follow', 'false'],
    ...(mode === '' ? [] : [['mode', quoted(/^[0-7]{3}$/.test(mode) ? `0${mode}` : mode)] as const]),
    ...(owner === ''
      ? []
      : ([
          ['owner', user],
          ['group', group],
        ] as const)),
  ])
}

function moduleTask(module: string, name: string, settings: readonly (readonly [string, string])[]): readonly string[] {
  return [
    `        - name: ${quoted(plainName(name))}`,
    `          ${module}:`,
    ...settings.map(([key, value]) => `            ${key}: ${value}`),
  ]
}

/**
 * A YAML string in double quotes, which JSON's are, too. One with a brace carries `!unsafe`, so that Ansible never takes
 * a part of it for a template and runs it.
 */
const quoted = (text: string) => `${text.includes('{') ? '!unsafe ' : ''}${JSON.stringify(text)}`

/** Names of tasks are templates always: no brace gets in. */
const plainName = (text: string) => shown(text).replace(/[{}]/g, '')

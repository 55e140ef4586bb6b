// Completion scripts of both programs: valid in their shells, and they know each command and its options.
import { execFileSync } from 'node:child_process'
import t from 'tap'
import { createProgram as createAgent } from '../../agent/main.ts'
import { createProgram as createCollector } from '../../collector/main.ts'
import { runBin } from '../run-bin.ts'
import { findTool } from '../tools.ts'

const programs = { agent: createAgent(), collector: createCollector() } as const

for (const [name, program] of Object.entries(programs) as readonly ['agent' | 'collector', typeof programs.agent][]) {
  t.test(`gabion-${name} completes in bash, zsh and fish`, async t => {
    const { stdout: bash, code } = await runBin(name, ['completion', 'bash'])
    t.equal(code, 0)
    execFileSync('bash', ['-n'], { input: bash })
    for (const command of program.commands) {
      const words = `COMP_WORDS=(gabion-${name} ${command.name()} ''); COMP_CWORD=2; _gabion_${name}`
      const script = `${bash}\n${words}; echo "\${COMPREPLY[@]}"`
      const offered = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split(' ')
      const inner = command.commands.map(each => each.name())
      const options = command.options.map(option => option.long ?? option.short ?? '')
      t.same(offered, [...(inner.length > 0 ? inner : options), '--help'], command.name())
    }
    const { stdout: zsh } = await runBin(name, ['completion', 'zsh'])
    t.equal(zsh.split('\n')[0], `#compdef gabion-${name}`, 'the line that compinit looks for')
    const shell = findTool('zsh')
    if (shell) execFileSync(shell, ['-n'], { input: zsh })
    const { stdout: fish } = await runBin(name, ['completion', 'fish'])
    for (const command of program.commands) t.ok(fish.includes(` -a ${command.name()} -d '`), command.name())
  })
}

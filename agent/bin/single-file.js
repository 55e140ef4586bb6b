// Entry point of the single executable: the agent, or one of the programs that it starts as processes of their own.

/** By the name that runtime/own-program.ts starts them with. */
const programs = {
  'walk-files': () => import('../files/walk-child.ts'),
  'judge-checks': () => import('../../site/judge-child.ts'),
}

const program = Object.hasOwn(programs, process.argv[2] ?? '') ? programs[process.argv[2]] : undefined
void (program ? program() : import('./gabion-agent.js'))

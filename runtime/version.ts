// The version of this program, the same for agent and collector.
import manifest from '../package.json' with { type: 'json' }

export const version: string = manifest.version

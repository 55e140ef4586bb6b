// Where the agent looks for what is its own, unless it is told otherwise.

export const defaultConfigFile = '/etc/gabion/agent.yaml'
export const defaultStateDirectory = '/var/lib/gabion/agent'

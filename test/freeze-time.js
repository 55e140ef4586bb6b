// Loaded with `node --import`: the process believes that it is always this moment.
const frozen = Date.UTC(2026, 10, 22, 12)
Date.now = () => frozen

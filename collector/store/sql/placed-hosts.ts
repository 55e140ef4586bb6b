// Whatever changes what selects a host puts it into its cohorts, in the same transaction and whoever asked for it.
import type { StoreTransaction } from '../transaction.ts'
import type { Placement } from './place-host.ts'

type Moving =
  | 'openHost'
  | 'addEnrolledHost'
  | 'setStanding'
  | 'retireHost'
  | 'deleteHost'
  | 'grantLabels'
  | 'retireSilent'
  | 'returnToFleet'

/** @returns those of the methods that may move a host */
export function placedHosts(plain: Pick<StoreTransaction, Moving>, placement: Placement): typeof plain {
  const { place, placeById, leaveById } = placement
  return {
    openHost: async opening => {
      const opened = await plain.openHost(opening)
      if (opened.created || opened.attributesChanged) await place(opened.host)
      return opened
    },
    addEnrolledHost: async host => {
      const id = await plain.addEnrolledHost(host)
      await placeById(id)
      return id
    },
    setStanding: async standing => {
      const isSet = await plain.setStanding(standing)
      if (isSet) await placeById(standing.hostId)
      return isSet
    },
    retireHost: async (id, reason, atMs) => {
      const isRetired = await plain.retireHost(id, reason, atMs)
      if (isRetired) await placeById(id)
      return isRetired
    },
    deleteHost: async id => {
      await leaveById(id)
      return plain.deleteHost(id)
    },
    grantLabels: async (host, granted) => {
      const labels = await plain.grantLabels(host, granted)
      if (labels.changed) await place(host)
      return labels
    },
    retireSilent: async (host, reason, heardBeforeMs, atMs) => {
      const isRetired = await plain.retireSilent(host, reason, heardBeforeMs, atMs)
      if (isRetired) await place(host)
      return isRetired
    },
    returnToFleet: async (host, reason, atMs) => {
      const isBack = await plain.returnToFleet(host, reason, atMs)
      if (isBack) await place(host)
      return isBack
    },
  }
}

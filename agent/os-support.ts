// Last days of vendor security support by distribution and version, as published up to November 2026.

/**
 * Sources: Debian (end of LTS) and Ubuntu (end of standard support of LTS releases) from the distro-info-data package
 * 0.58; the others from the lists of endoflife.date, and for Amazon Linux and Red Hat 10 from what others quote of their
 * vendors. Oracle names months: their last day stands here. Paid extensions are not counted. What could not be confirmed
 * is not listed.
 * A version is looked up as it stands, then without its last dotted part, and so on.
 */
const supportEnds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    '8': '2020-06-30',
    '9': '2022-06-30',
    '10': '2024-06-30',
    '11': '2026-08-31',
    '12': '2028-06-30',
    '13': '2030-06-30',
  },
  ubuntu: {
    '14.04': '2019-04-25',
    '16.04': '2021-04-30',
    '18.04': '2023-05-31',
    '20.04': '2025-05-29',
    '22.04': '2027-06-01',
    '24.04': '2029-05-31',
    '26.04': '2031-05-29',
  },
  rhel: { '6': '2020-11-30', '7': '2024-06-30', '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  centos: { '6': '2020-11-30', '7': '2024-06-30', '9': '2027-05-31' },
  almalinux: { '8': '2029-03-01', '9': '2032-05-31', '10': '2035-05-31' },
  rocky: { '8': '2029-05-31', '9': '2032-05-31' },
  ol: { '7': '2024-12-31', '8': '2029-07-31', '9': '2032-06-30' },
  amzn: { '2': '2026-06-30', '2018.03': '2023-12-31', '2023': '2029-06-30' },
  sles: {
    '12.5': '2024-10-31',
    '15.3': '2022-12-31',
    '15.4': '2023-12-31',
    '15.5': '2024-12-31',
  },
  fedora: {
    '38': '2024-05-21',
    '39': '2024-11-26',
    '40': '2025-05-13',
    '41': '2025-12-15',
    '42': '2026-05-13',
    '43': '2026-12-09',
  },
  alpine: {
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
    '3.22': '2027-05-01',
    '3.23': '2027-11-01',
  },
}

/**
 * Last day with security updates as YYYY-MM-DD, or `unknown`.
 * @param id ID of os-release
 * @param versionId VERSION_ID of os-release
 */
export function supportEndsOn(id: string, versionId: string): string {
  const versions = Object.hasOwn(supportEnds, id) ? supportEnds[id] : undefined
  if (!versions) return 'unknown'
  for (let version = versionId; version !== ''; version = version.slice(0, Math.max(version.lastIndexOf('.'), 0))) {
    const end = Object.hasOwn(versions, version) ? versions[version] : undefined
    if (end !== undefined) return end
  }
  return 'unknown'
}

// Made by `npm run gen` from proto/gabion/v1. Do not edit.
export const descriptor: unknown = {
  "nested": {
    "gabion": {
      "nested": {
        "v1": {
          "nested": {
            "EnrollmentService": {
              "methods": {
                "Enroll": {
                  "requestType": "EnrollRequest",
                  "responseType": "EnrollResponse"
                },
                "Renew": {
                  "requestType": "RenewRequest",
                  "responseType": "EnrollResponse"
                }
              }
            },
            "EnrollRequest": {
              "fields": {
                "tokenId": {
                  "type": "string",
                  "id": 1
                },
                "tokenSecret": {
                  "type": "bytes",
                  "id": 2
                },
                "requestId": {
                  "type": "string",
                  "id": 3
                },
                "signingRequest": {
                  "type": "bytes",
                  "id": 4
                },
                "hostname": {
                  "type": "string",
                  "id": 5
                },
                "machineId": {
                  "type": "string",
                  "id": 6
                },
                "bootId": {
                  "type": "string",
                  "id": 7
                },
                "agentVersion": {
                  "type": "string",
                  "id": 8
                }
              }
            },
            "RenewRequest": {
              "fields": {
                "signingRequest": {
                  "type": "bytes",
                  "id": 1
                }
              },
              "reserved": [
                [
                  2,
                  2
                ],
                [
                  3,
                  3
                ],
                [
                  4,
                  4
                ],
                "machine_id",
                "boot_id",
                "agent_version"
              ]
            },
            "EnrollResponse": {
              "fields": {
                "state": {
                  "type": "State",
                  "id": 1
                },
                "hostId": {
                  "type": "string",
                  "id": 2
                },
                "certificateChain": {
                  "rule": "repeated",
                  "type": "bytes",
                  "id": 3
                },
                "authorities": {
                  "rule": "repeated",
                  "type": "bytes",
                  "id": 4
                },
                "endpoint": {
                  "type": "string",
                  "id": 5
                },
                "retryAfterMs": {
                  "type": "uint32",
                  "id": 6
                }
              },
              "nested": {
                "State": {
                  "values": {
                    "STATE_UNSPECIFIED": 0,
                    "STATE_ISSUED": 1,
                    "STATE_PENDING": 2
                  }
                }
              }
            },
            "UplinkService": {
              "methods": {
                "Connect": {
                  "requestType": "ConnectRequest",
                  "requestStream": true,
                  "responseType": "ConnectResponse",
                  "responseStream": true
                }
              }
            },
            "ConnectRequest": {
              "oneofs": {
                "message": {
                  "oneof": [
                    "hello",
                    "offer",
                    "change",
                    "heartbeat",
                    "observations"
                  ]
                }
              },
              "fields": {
                "hello": {
                  "type": "Hello",
                  "id": 1
                },
                "offer": {
                  "type": "Offer",
                  "id": 2
                },
                "change": {
                  "type": "Change",
                  "id": 3
                },
                "heartbeat": {
                  "type": "Heartbeat",
                  "id": 4
                },
                "observations": {
                  "type": "Observations",
                  "id": 5
                }
              }
            },
            "ConnectResponse": {
              "oneofs": {
                "message": {
                  "oneof": [
                    "welcome",
                    "decision",
                    "ack",
                    "heartbeatReply",
                    "rescan",
                    "refusal",
                    "settings",
                    "ping"
                  ]
                }
              },
              "fields": {
                "welcome": {
                  "type": "Welcome",
                  "id": 1
                },
                "decision": {
                  "type": "Decision",
                  "id": 2
                },
                "ack": {
                  "type": "Ack",
                  "id": 3
                },
                "heartbeatReply": {
                  "type": "HeartbeatReply",
                  "id": 4
                },
                "rescan": {
                  "type": "Rescan",
                  "id": 5
                },
                "refusal": {
                  "type": "Refusal",
                  "id": 6
                },
                "settings": {
                  "type": "Settings",
                  "id": 7
                },
                "ping": {
                  "type": "Ping",
                  "id": 8
                }
              }
            },
            "FacetStatus": {
              "values": {
                "FACET_STATUS_UNSPECIFIED": 0,
                "FACET_STATUS_PRESENT": 1,
                "FACET_STATUS_ABSENT": 2,
                "FACET_STATUS_UNREADABLE": 3,
                "FACET_STATUS_ERROR": 4
              }
            },
            "Hello": {
              "fields": {
                "protocolVersion": {
                  "type": "uint32",
                  "id": 1
                },
                "agentVersion": {
                  "type": "string",
                  "id": 2
                },
                "hostKey": {
                  "type": "string",
                  "id": 3
                },
                "hostname": {
                  "type": "string",
                  "id": 4
                },
                "machineId": {
                  "type": "string",
                  "id": 5
                },
                "bootId": {
                  "type": "string",
                  "id": 6
                },
                "outboxId": {
                  "type": "string",
                  "id": 7
                },
                "clockMs": {
                  "type": "int64",
                  "id": 8
                },
                "labels": {
                  "keyType": "string",
                  "type": "string",
                  "id": 9
                },
                "nodeName": {
                  "type": "string",
                  "id": 10
                },
                "queuedChanges": {
                  "type": "uint64",
                  "id": 11
                },
                "oldestQueuedMs": {
                  "type": "int64",
                  "id": 12
                }
              }
            },
            "Welcome": {
              "fields": {
                "hostId": {
                  "type": "string",
                  "id": 1
                },
                "collectorVersion": {
                  "type": "string",
                  "id": 2
                },
                "appliedSequence": {
                  "type": "uint64",
                  "id": 3
                },
                "clockMs": {
                  "type": "int64",
                  "id": 4
                },
                "heartbeatSeconds": {
                  "type": "uint32",
                  "id": 5
                },
                "facets": {
                  "rule": "repeated",
                  "type": "FacetDigest",
                  "id": 6
                },
                "settings": {
                  "type": "Settings",
                  "id": 7
                }
              }
            },
            "FacetDigest": {
              "fields": {
                "facet": {
                  "type": "string",
                  "id": 1
                },
                "digest": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "Offer": {
              "fields": {
                "sequence": {
                  "type": "uint64",
                  "id": 1
                },
                "facet": {
                  "type": "string",
                  "id": 2
                },
                "schemaVersion": {
                  "type": "uint32",
                  "id": 3
                },
                "status": {
                  "type": "FacetStatus",
                  "id": 4
                },
                "digest": {
                  "type": "string",
                  "id": 5
                },
                "baseDigest": {
                  "type": "string",
                  "id": 6
                },
                "bodyBytes": {
                  "type": "uint64",
                  "id": 7
                },
                "deltaBytes": {
                  "type": "uint64",
                  "id": 8
                },
                "observedAtMs": {
                  "type": "int64",
                  "id": 9
                },
                "baseline": {
                  "type": "bool",
                  "id": 10
                },
                "previousSequence": {
                  "type": "uint64",
                  "id": 11
                },
                "gap": {
                  "type": "Gap",
                  "id": 12
                },
                "queuedChanges": {
                  "type": "uint64",
                  "id": 13
                }
              }
            },
            "Gap": {
              "fields": {
                "changes": {
                  "type": "uint64",
                  "id": 1
                },
                "fromMs": {
                  "type": "int64",
                  "id": 2
                }
              }
            },
            "Decision": {
              "fields": {
                "sequence": {
                  "type": "uint64",
                  "id": 1
                },
                "kind": {
                  "type": "Kind",
                  "id": 2
                },
                "retryAfterMs": {
                  "type": "uint32",
                  "id": 3
                }
              },
              "nested": {
                "Kind": {
                  "values": {
                    "KIND_UNSPECIFIED": 0,
                    "KIND_KNOWN": 1,
                    "KIND_WANT_DELTA": 2,
                    "KIND_WANT_FULL": 3,
                    "KIND_RETRY_LATER": 4
                  }
                }
              }
            },
            "Change": {
              "oneofs": {
                "body": {
                  "oneof": [
                    "full",
                    "delta"
                  ]
                }
              },
              "fields": {
                "sequence": {
                  "type": "uint64",
                  "id": 1
                },
                "full": {
                  "type": "bytes",
                  "id": 2
                },
                "delta": {
                  "type": "bytes",
                  "id": 3
                },
                "encoding": {
                  "type": "Encoding",
                  "id": 4
                }
              }
            },
            "Encoding": {
              "values": {
                "ENCODING_UNSPECIFIED": 0,
                "ENCODING_ZSTD": 1
              }
            },
            "Ack": {
              "fields": {
                "sequence": {
                  "type": "uint64",
                  "id": 1
                }
              }
            },
            "Heartbeat": {
              "fields": {
                "hostDigest": {
                  "type": "bytes",
                  "id": 1
                },
                "clockMs": {
                  "type": "int64",
                  "id": 2
                },
                "health": {
                  "type": "Health",
                  "id": 3
                }
              }
            },
            "Limit": {
              "values": {
                "LIMIT_UNSPECIFIED": 0,
                "LIMIT_CPU": 1,
                "LIMIT_MEMORY": 2,
                "LIMIT_DEADLINE": 3,
                "LIMIT_OUTBOX": 4,
                "LIMIT_WATCHES": 5
              }
            },
            "Health": {
              "fields": {
                "rssBytes": {
                  "type": "uint64",
                  "id": 1
                },
                "cpuPermille": {
                  "type": "uint32",
                  "id": 2
                },
                "outboxEntries": {
                  "type": "uint64",
                  "id": 3
                },
                "outboxBytes": {
                  "type": "uint64",
                  "id": 4
                },
                "outboxOldestMs": {
                  "type": "int64",
                  "id": 5
                },
                "probes": {
                  "rule": "repeated",
                  "type": "ProbeHealth",
                  "id": 6
                },
                "cpuMs": {
                  "type": "uint64",
                  "id": 8
                },
                "startedAtMs": {
                  "type": "int64",
                  "id": 9
                },
                "loopDelayMs": {
                  "type": "uint32",
                  "id": 10
                },
                "watches": {
                  "type": "uint32",
                  "id": 11
                },
                "watchesRefused": {
                  "type": "uint32",
                  "id": 12
                },
                "watchMisses": {
                  "type": "uint64",
                  "id": 13
                },
                "reloadError": {
                  "type": "string",
                  "id": 14
                },
                "nodeVersion": {
                  "type": "string",
                  "id": 15
                },
                "limits": {
                  "rule": "repeated",
                  "type": "Limit",
                  "id": 16
                },
                "slowdown": {
                  "type": "uint32",
                  "id": 17
                },
                "memoryLimitMib": {
                  "type": "uint32",
                  "id": 18
                },
                "cpuLimitPermille": {
                  "type": "uint32",
                  "id": 19
                }
              },
              "reserved": [
                [
                  7,
                  7
                ],
                "degraded"
              ]
            },
            "ProbeHealth": {
              "fields": {
                "facet": {
                  "type": "string",
                  "id": 1
                },
                "runs": {
                  "type": "uint64",
                  "id": 2
                },
                "failures": {
                  "type": "uint64",
                  "id": 3
                },
                "lastDurationMs": {
                  "type": "uint32",
                  "id": 4
                },
                "longestDurationMs": {
                  "type": "uint32",
                  "id": 5
                },
                "failingRuns": {
                  "type": "uint32",
                  "id": 6
                },
                "slowdown": {
                  "type": "uint32",
                  "id": 7
                },
                "wishedSeconds": {
                  "type": "uint32",
                  "id": 8
                }
              }
            },
            "HeartbeatReply": {
              "fields": {
                "inStep": {
                  "type": "bool",
                  "id": 1
                }
              }
            },
            "Observations": {
              "fields": {
                "facet": {
                  "type": "string",
                  "id": 1
                },
                "body": {
                  "type": "bytes",
                  "id": 2
                },
                "observedAtMs": {
                  "type": "int64",
                  "id": 3
                },
                "encoding": {
                  "type": "Encoding",
                  "id": 4
                }
              }
            },
            "Settings": {
              "fields": {
                "heartbeatSeconds": {
                  "type": "uint32",
                  "id": 1
                },
                "probeSeconds": {
                  "keyType": "string",
                  "type": "uint32",
                  "id": 2
                },
                "defaultProbeSeconds": {
                  "type": "uint32",
                  "id": 3
                }
              }
            },
            "Ping": {
              "fields": {}
            },
            "Rescan": {
              "fields": {
                "requestId": {
                  "type": "string",
                  "id": 1
                },
                "facets": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 2
                }
              }
            },
            "Refusal": {
              "fields": {
                "code": {
                  "type": "string",
                  "id": 1
                },
                "detail": {
                  "type": "string",
                  "id": 2
                },
                "retryAfterMs": {
                  "type": "uint32",
                  "id": 3
                }
              }
            }
          }
        }
      }
    }
  }
}

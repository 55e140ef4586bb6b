// Original file: proto/gabion/v1/uplink.proto

import type { Welcome as _gabion_v1_Welcome, Welcome__Output as _gabion_v1_Welcome__Output } from '../../gabion/v1/Welcome.ts';
import type { Decision as _gabion_v1_Decision, Decision__Output as _gabion_v1_Decision__Output } from '../../gabion/v1/Decision.ts';
import type { Ack as _gabion_v1_Ack, Ack__Output as _gabion_v1_Ack__Output } from '../../gabion/v1/Ack.ts';
import type { HeartbeatReply as _gabion_v1_HeartbeatReply, HeartbeatReply__Output as _gabion_v1_HeartbeatReply__Output } from '../../gabion/v1/HeartbeatReply.ts';
import type { Rescan as _gabion_v1_Rescan, Rescan__Output as _gabion_v1_Rescan__Output } from '../../gabion/v1/Rescan.ts';
import type { Refusal as _gabion_v1_Refusal, Refusal__Output as _gabion_v1_Refusal__Output } from '../../gabion/v1/Refusal.ts';
import type { Settings as _gabion_v1_Settings, Settings__Output as _gabion_v1_Settings__Output } from '../../gabion/v1/Settings.ts';
import type { Ping as _gabion_v1_Ping, Ping__Output as _gabion_v1_Ping__Output } from '../../gabion/v1/Ping.ts';

export interface ConnectResponse {
  'welcome'?: (_gabion_v1_Welcome | null);
  'decision'?: (_gabion_v1_Decision | null);
  'ack'?: (_gabion_v1_Ack | null);
  'heartbeatReply'?: (_gabion_v1_HeartbeatReply | null);
  'rescan'?: (_gabion_v1_Rescan | null);
  'refusal'?: (_gabion_v1_Refusal | null);
  'settings'?: (_gabion_v1_Settings | null);
  'ping'?: (_gabion_v1_Ping | null);
  'message'?: "welcome"|"decision"|"ack"|"heartbeatReply"|"rescan"|"refusal"|"settings"|"ping";
}

export interface ConnectResponse__Output {
  'welcome'?: (_gabion_v1_Welcome__Output | null);
  'decision'?: (_gabion_v1_Decision__Output | null);
  'ack'?: (_gabion_v1_Ack__Output | null);
  'heartbeatReply'?: (_gabion_v1_HeartbeatReply__Output | null);
  'rescan'?: (_gabion_v1_Rescan__Output | null);
  'refusal'?: (_gabion_v1_Refusal__Output | null);
  'settings'?: (_gabion_v1_Settings__Output | null);
  'ping'?: (_gabion_v1_Ping__Output | null);
  'message'?: "welcome"|"decision"|"ack"|"heartbeatReply"|"rescan"|"refusal"|"settings"|"ping";
}

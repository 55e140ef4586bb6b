import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Ack as _gabion_v1_Ack, Ack__Output as _gabion_v1_Ack__Output } from './gabion/v1/Ack.ts';
import type { Change as _gabion_v1_Change, Change__Output as _gabion_v1_Change__Output } from './gabion/v1/Change.ts';
import type { ConnectRequest as _gabion_v1_ConnectRequest, ConnectRequest__Output as _gabion_v1_ConnectRequest__Output } from './gabion/v1/ConnectRequest.ts';
import type { ConnectResponse as _gabion_v1_ConnectResponse, ConnectResponse__Output as _gabion_v1_ConnectResponse__Output } from './gabion/v1/ConnectResponse.ts';
import type { Decision as _gabion_v1_Decision, Decision__Output as _gabion_v1_Decision__Output } from './gabion/v1/Decision.ts';
import type { FacetDigest as _gabion_v1_FacetDigest, FacetDigest__Output as _gabion_v1_FacetDigest__Output } from './gabion/v1/FacetDigest.ts';
import type { Gap as _gabion_v1_Gap, Gap__Output as _gabion_v1_Gap__Output } from './gabion/v1/Gap.ts';
import type { Health as _gabion_v1_Health, Health__Output as _gabion_v1_Health__Output } from './gabion/v1/Health.ts';
import type { Heartbeat as _gabion_v1_Heartbeat, Heartbeat__Output as _gabion_v1_Heartbeat__Output } from './gabion/v1/Heartbeat.ts';
import type { HeartbeatReply as _gabion_v1_HeartbeatReply, HeartbeatReply__Output as _gabion_v1_HeartbeatReply__Output } from './gabion/v1/HeartbeatReply.ts';
import type { Hello as _gabion_v1_Hello, Hello__Output as _gabion_v1_Hello__Output } from './gabion/v1/Hello.ts';
import type { Observations as _gabion_v1_Observations, Observations__Output as _gabion_v1_Observations__Output } from './gabion/v1/Observations.ts';
import type { Offer as _gabion_v1_Offer, Offer__Output as _gabion_v1_Offer__Output } from './gabion/v1/Offer.ts';
import type { Ping as _gabion_v1_Ping, Ping__Output as _gabion_v1_Ping__Output } from './gabion/v1/Ping.ts';
import type { ProbeHealth as _gabion_v1_ProbeHealth, ProbeHealth__Output as _gabion_v1_ProbeHealth__Output } from './gabion/v1/ProbeHealth.ts';
import type { Refusal as _gabion_v1_Refusal, Refusal__Output as _gabion_v1_Refusal__Output } from './gabion/v1/Refusal.ts';
import type { Rescan as _gabion_v1_Rescan, Rescan__Output as _gabion_v1_Rescan__Output } from './gabion/v1/Rescan.ts';
import type { Settings as _gabion_v1_Settings, Settings__Output as _gabion_v1_Settings__Output } from './gabion/v1/Settings.ts';
import type { UplinkServiceClient as _gabion_v1_UplinkServiceClient, UplinkServiceDefinition as _gabion_v1_UplinkServiceDefinition } from './gabion/v1/UplinkService.ts';
import type { Welcome as _gabion_v1_Welcome, Welcome__Output as _gabion_v1_Welcome__Output } from './gabion/v1/Welcome.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  gabion: {
    v1: {
      Ack: MessageTypeDefinition<_gabion_v1_Ack, _gabion_v1_Ack__Output>
      Change: MessageTypeDefinition<_gabion_v1_Change, _gabion_v1_Change__Output>
      ConnectRequest: MessageTypeDefinition<_gabion_v1_ConnectRequest, _gabion_v1_ConnectRequest__Output>
      ConnectResponse: MessageTypeDefinition<_gabion_v1_ConnectResponse, _gabion_v1_ConnectResponse__Output>
      Decision: MessageTypeDefinition<_gabion_v1_Decision, _gabion_v1_Decision__Output>
      Encoding: EnumTypeDefinition
      FacetDigest: MessageTypeDefinition<_gabion_v1_FacetDigest, _gabion_v1_FacetDigest__Output>
      FacetStatus: EnumTypeDefinition
      Gap: MessageTypeDefinition<_gabion_v1_Gap, _gabion_v1_Gap__Output>
      Health: MessageTypeDefinition<_gabion_v1_Health, _gabion_v1_Health__Output>
      Heartbeat: MessageTypeDefinition<_gabion_v1_Heartbeat, _gabion_v1_Heartbeat__Output>
      HeartbeatReply: MessageTypeDefinition<_gabion_v1_HeartbeatReply, _gabion_v1_HeartbeatReply__Output>
      Hello: MessageTypeDefinition<_gabion_v1_Hello, _gabion_v1_Hello__Output>
      Limit: EnumTypeDefinition
      Observations: MessageTypeDefinition<_gabion_v1_Observations, _gabion_v1_Observations__Output>
      Offer: MessageTypeDefinition<_gabion_v1_Offer, _gabion_v1_Offer__Output>
      Ping: MessageTypeDefinition<_gabion_v1_Ping, _gabion_v1_Ping__Output>
      ProbeHealth: MessageTypeDefinition<_gabion_v1_ProbeHealth, _gabion_v1_ProbeHealth__Output>
      Refusal: MessageTypeDefinition<_gabion_v1_Refusal, _gabion_v1_Refusal__Output>
      Rescan: MessageTypeDefinition<_gabion_v1_Rescan, _gabion_v1_Rescan__Output>
      Settings: MessageTypeDefinition<_gabion_v1_Settings, _gabion_v1_Settings__Output>
      UplinkService: SubtypeConstructor<typeof grpc.Client, _gabion_v1_UplinkServiceClient> & { service: _gabion_v1_UplinkServiceDefinition }
      Welcome: MessageTypeDefinition<_gabion_v1_Welcome, _gabion_v1_Welcome__Output>
    }
  }
}


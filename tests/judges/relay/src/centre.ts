// A page of an application: fragments, a connection that pages on, a refetch by node, a mutation.

import { graphql } from 'relay-runtime';

export const summary = graphql`
  fragment centreSummary on Centre {
    id
    version
    name
    status
    place { provinceName communeName }
  }
`;

/** Refetched by `node(id:)`, which Relay writes itself for a type that is a Node. */
export const rooms = graphql`
  fragment centreRooms on Centre
  @refetchable(queryName: "centreRoomsNextQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }) {
    rooms(first: $first, after: $after, sort: "name") @connection(key: "centre_rooms", filters: ["sort"]) {
      edges { node { id roomName } }
      totalCount
    }
  }
`;

export const list = graphql`
  fragment centreList on Query
  @refetchable(queryName: "centreListNextQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
    filter: { type: "CentreFilter" }
  ) {
    listCentres(first: $first, after: $after, filter: $filter) @connection(key: "centre_listCentres") {
      edges { node { ...centreSummary ...centreRooms } }
    }
  }
`;

export const page = graphql`
  query centrePageQuery($id: ID!, $filter: CentreFilter) {
    ...centreList @arguments(filter: $filter)
    getCentre(id: $id) { ...centreSummary ...centreRooms }
    node(id: $id) { __typename id ...centreSummary @alias(as: "centre") }
  }
`;

export const rename = graphql`
  mutation centreRenameMutation($id: ID!, $patch: CentrePatch!, $version: Int) {
    updateCentre(id: $id, patch: $patch, expectedVersion: $version) {
      record { ...centreSummary }
      warnings { code detail }
    }
  }
`;

export const addRoom = graphql`
  mutation centreAddRoomMutation($input: NewRoom!, $connections: [ID!]!) {
    createRoom(input: $input) {
      record @appendNode(connections: $connections, edgeTypeName: "RoomEdge") { id roomName }
    }
  }
`;

export const follow = graphql`
  subscription centreChangesSubscription {
    changes { position resource id operation }
  }
`;

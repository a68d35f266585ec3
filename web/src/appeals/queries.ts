import { queryOptions } from '@tanstack/react-query'

import { api, held, items, type Schemas } from '../api/client'
import type { Standing } from '../request/commands/allowed'

export type Appeal = Schemas['AppealView']

/** What the person made against the answer. Looking at it is recorded, so it is read when its part is opened. */
export const appealsQuery = (id: string) => queryOptions({
  queryKey: ['looked-at', id, 'appeals'],
  queryFn: async () => items(await held(api.GET('/v1/requests/{id}/appeals', { params: { path: { id } } }))),
  staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, gcTime: 0,
})

const duties = ['appeal_decision', 'complaint_acknowledge']

/** Whether the law of a request knows appeals or complaints to the controller. */
export const appealable = ({ regime }: Standing) => (regime?.common ?? []).some((d) => duties.includes(d.kind))

/** Whether something of the kind was made: what is owed says so without reading a word of it. */
export const appealed = ({ owed }: Standing) => owed.some((o) => duties.includes(o.kind))

import { useMutation, useQueryClient } from '@tanstack/react-query'

import { api, held, type Schemas } from '../api/client'

export type Task = Schemas['TaskView']

/** What a change of a task or by a task has read again. */
export function useTasksAgain(request: string) {
  const queries = useQueryClient()
  return () => {
    for (const queryKey of [['request', request], ['requests'], ['obligations'], ['tasks']]) void queries.invalidateQueries({ queryKey })
  }
}

/** Takes a task on, over from somebody with a reason, or gives it back. */
export function useClaim(task: Task) {
  const again = useTasksAgain(task.request_id)
  const path = { params: { path: { id: task.id } } }
  return useMutation({
    mutationFn: ({ release, reason }: { release?: boolean; reason?: string }) => (release
      ? held(api.POST('/v1/tasks/{id}/release', { ...path, body: {} }))
      : held(api.POST('/v1/tasks/{id}/claim', { ...path, body: reason ? { reason } : {} }))),
    onSuccess: again,
  })
}

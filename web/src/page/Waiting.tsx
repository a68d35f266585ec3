import { Skeleton } from '@mantine/core'

/** As many lines as will come, as high as they will be, so that nothing jumps. */
export function Waiting({ lines = 5, height = 40 }: { lines?: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} style={{ height, display: 'flex', alignItems: 'center' }}>
          <Skeleton height={12} width={`${92 - ((i * 37) % 40)}%`} />
        </div>
      ))}
    </div>
  )
}

using System.Threading.Tasks.Sources;

namespace GeoEvents.Feed;

/// <summary>Wakes the one who waits, or will wait next. Waiting allocates nothing, since ten thousand do.</summary>
public sealed class Bell : IValueTaskSource
{
    private readonly Lock changing = new();
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private bool waiting;
    private bool rung;

    /// <summary>Is over once it rings, or at once if it has rung since the last wait. One waits at a time.</summary>
    public ValueTask Wait()
    {
        lock (changing)
        {
            if (rung)
            {
                rung = false;
                return ValueTask.CompletedTask;
            }

            source.Reset();
            waiting = true;
            return new ValueTask(this, source.Version);
        }
    }

    public void Ring()
    {
        lock (changing)
        {
            if (!waiting)
            {
                rung = true;
                return;
            }

            waiting = false;
        }

        source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}

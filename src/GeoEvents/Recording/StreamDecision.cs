using GeoEvents.Hosting;

namespace GeoEvents.Recording;

/// <summary>A decision that adds to one stream, and is answered with its state.</summary>
/// <param name="named">Other streams that it looks at.</param>
public abstract class StreamDecision<TState>(Call call, StreamKey stream, params IEnumerable<StreamKey> named) : Decision(call)
    where TState : class
{
    private bool begun;
    private TState? unchanged;

    public sealed override IReadOnlyCollection<StreamKey> Streams { get; } = [.. named.Prepend(stream).Distinct()];

    public sealed override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        var before = record.Find<TState>(stream);
        var events = Change(before, record, recordedAt).ToList();
        (begun, unchanged) = (before is null, events.Count == 0 ? before : null);
        return events.Count == 0 ? [] : [new Facts(stream, events)];
    }

    public sealed override Answer Answer(Recorded recorded) => unchanged is null
        ? Answer((TState)recorded.Facts[^1].State, begun ? Outcomes.Begun : Outcomes.Changed)
        : Answer(unchanged, Outcomes.Unchanged);

    /// <param name="before">Null if the stream has no fact yet.</param>
    /// <returns>Nothing when nothing changes; then the stream has to have facts, and is answered as it stands.</returns>
    protected abstract IEnumerable<object> Change(TState? before, RecordView record, DateTimeOffset recordedAt);

    protected abstract Answer Answer(TState state, Outcomes outcome);
}

/// <summary>What a decision did to its stream.</summary>
public enum Outcomes { Unchanged, Changed, Begun }

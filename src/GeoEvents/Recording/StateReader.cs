using System.Text.Json;
using GeoEvents.Hosting;

namespace GeoEvents.Recording;

/// <summary>Reads streams that are no incidents as they were known at a position: the log, folded.</summary>
public sealed class StateReader(LogReader log)
{
    /// <returns>Null if the stream had no fact then.</returns>
    public async Task<T?> Find<T>(string workspace, StreamKey stream, long known, CancellationToken cancel) where T : class =>
        (await log.OfStream(workspace, stream, known, cancel)).Aggregate((T?)null, (state, entry) => (T)After(state, entry));

    /// <summary>Every stream of one kind, in the order of their first facts.</summary>
    /// <typeparam name="TState">What a stream adds up to.</typeparam>
    /// <typeparam name="TEvent">What its facts have in common.</typeparam>
    public async Task<IReadOnlyList<TState>> All<TState, TEvent>(string workspace, long known, CancellationToken cancel)
        where TState : class
    {
        var states = new Dictionary<Guid, TState>();
        foreach (var entry in await log.OfTypes(workspace, [.. FactTypes.ByName.Values.Where(t => t.IsAssignableTo(typeof(TEvent)))], known, cancel))
        {
            states[entry.Stream] = (TState)After(states.GetValueOrDefault(entry.Stream), entry);
        }

        return [.. states.Values];
    }

    /// <returns>Null if the stream had no fact then.</returns>
    public async Task<StreamHistory?> History(string workspace, StreamKey stream, long known, CancellationToken cancel) =>
        await log.OfStream(workspace, stream, known, cancel) is { Count: > 0 } entries ? StreamHistory.Of(stream.Name, entries) : null;

    private static object After(object? before, LogEntry entry) => RecordView.After(before, entry.Fact, entry.RecordedAt, entry.Position);
}

/// <summary>One fact of a stream's history.</summary>
/// <param name="Kind">Stored name of the fact, such as <c>stake_amended</c>.</param>
/// <param name="User">Who recorded it, as the client said.</param>
public sealed record StreamFact(long Version, long Position, DateTimeOffset RecordedAt, string? User, string Kind, JsonElement Fact);

/// <summary>Everything that was ever recorded in one stream, oldest first.</summary>
/// <param name="Id">Name of the stream within its kind.</param>
public sealed record StreamHistory(string Id, [property: KeepEmpty] IReadOnlyList<StreamFact> Entries)
{
    public static StreamHistory Of(string id, IEnumerable<LogEntry> log) => new(
        id,
        [.. log.Select((entry, i) => new StreamFact(
            i + 1,
            entry.Position,
            entry.RecordedAt,
            entry.User,
            FactTypes.NameOf(entry.Fact),
            JsonSerializer.SerializeToElement(entry.Fact, entry.Fact.GetType(), GeoJson.Options)))]);
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Scoring;

namespace GeoEvents.Relationships;

/// <summary>Plays a relationship back: its turns from the ledger, what they say from the log, block by block, and the numbers by a fold that runs along.</summary>
public sealed class PlaybackReader(LedgerImage image, LedgerReader ledger, LogReader log)
{
    /// <summary>Turns that are read together.</summary>
    private const int Block = 512;

    /// <summary>A fact, its class, and its incident as the step shows it.</summary>
    private sealed record Told(LogEntry Fact, ChangeClass Change, Incident Incident);

    /// <summary>Each fact that touches the dyad in the order of the log, at the moment it was recorded.</summary>
    /// <param name="stretches">Of positions of the workspace that have been handed out, each by its method.</param>
    public async IAsyncEnumerable<PlaybackStep> AsRecorded(
        string workspace, Dyad dyad, IReadOnlyList<MethodStretch> stretches, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var (method, after, upTo) in stretches)
        {
            await foreach (var step in AsRecorded(workspace, dyad, method, after, upTo, cancel))
            {
                yield return step;
            }
        }
    }

    private async IAsyncEnumerable<PlaybackStep> AsRecorded(
        string workspace, Dyad dyad, Method method, long after, long upTo, [EnumeratorCancellation] CancellationToken cancel)
    {
        var record = await image.Of(workspace, dyad, upTo, method, cancel);
        var retracted = await ledger.Retracted(workspace, dyad, upTo, cancel);
        RunningFold? fold = null;
        var blocks = PlaybackTurn.AsRecorded(record, retracted, after, upTo).Chunk(Block);
        await foreach (var (block, facts) in ReadAhead(blocks, block => EachFact(workspace, block, cancel)))
        {
            foreach (var (turn, told) in block.Zip(facts))
            {
                fold ??= PlaybackTurn.Begin(record, turn.Step - 1, told.Fact.RecordedAt, method);
                var (before, now) = Played(fold, turn, told.Fact.RecordedAt);
                if (turn.Touches)
                {
                    yield return StepOf(dyad, turn, told.Fact.RecordedAt, turn.Step, method, told, before, now);
                }
            }
        }
    }

    /// <summary>Each incident known at K in the order of τ, up to V, at its τ.</summary>
    /// <param name="after">Steps from here on, this one excluded.</param>
    /// <param name="earliest">No τ before it; null is from the first.</param>
    public async IAsyncEnumerable<PlaybackStep> AsHappened(
        string workspace, Dyad dyad, AsOf asOf, long after, DateTimeOffset? earliest, [EnumeratorCancellation] CancellationToken cancel)
    {
        var known = asOf.Known.Position;
        var record = await image.Of(workspace, dyad, known, asOf.Method, cancel);
        var fold = new RunningFold(asOf.Method);
        var played = from turn in PlaybackTurn.AsHappened(record, known, asOf.Valid)
                     let states = Played(fold, turn, turn.Tau!.Value)
                     where turn.Touches && turn.Step > after && !(turn.Tau < earliest)
                     select (Turn: turn, States: states);
        await foreach (var (block, facts) in ReadAhead(played.Chunk(Block), block => FirstFacts(workspace, [.. block.Select(b => b.Turn.Incident)], known, cancel)))
        {
            foreach (var (turn, (before, now)) in block)
            {
                yield return StepOf(dyad, turn, turn.Tau!.Value, known, asOf.Method, facts[turn.Incident], before, now);
            }
        }
    }

    private static (RelationshipNumbers Before, RelationshipNumbers After) Played(RunningFold fold, PlaybackTurn turn, DateTimeOffset at)
    {
        fold.Advance(at);
        var before = fold.Numbers();
        turn.Apply(fold);
        return (before, fold.Numbers());
    }

    /// <summary>Each block with what is read for it; while one is looked at, the next is read.</summary>
    private static async IAsyncEnumerable<(TBlock Block, TFacts Facts)> ReadAhead<TBlock, TFacts>(IEnumerable<TBlock> blocks, Func<TBlock, Task<TFacts>> read)
    {
        (TBlock Block, Task<TFacts> Reading)? ahead = null;
        foreach (var block in blocks)
        {
            var reading = read(block);
            if (ahead is { } current)
            {
                yield return (current.Block, await current.Reading);
            }

            ahead = (block, reading);
        }

        if (ahead is { } last)
        {
            yield return (last.Block, await last.Reading);
        }
    }

    /// <summary>The fact of each turn, with the incident as it was known then.</summary>
    private async Task<IReadOnlyList<Told>> EachFact(string workspace, PlaybackTurn[] turns, CancellationToken cancel)
    {
        var told = await Tell([.. turns.Select(t => t.Incident).Distinct()]);
        if (turns.Any(t => !told.ContainsKey(t.Step)))
        {
            // A merge of incidents of another dyad may move what closes a measure of this one.
            var others = await log.OfPositions(workspace, [.. turns.Select(t => t.Step).Where(s => !told.ContainsKey(s))], cancel);
            foreach (var (position, other) in await Tell([.. others.Select(e => e.Stream).Distinct()]))
            {
                told[position] = other;
            }
        }

        return [.. turns.Select(t => told[t.Step])];

        async Task<Dictionary<long, Told>> Tell(IReadOnlyCollection<Guid> streams)
        {
            var found = new Dictionary<long, Told>();
            var incidents = new Dictionary<Guid, Incident>();
            foreach (var entry in await log.OfIncidents(workspace, streams, turns[^1].Step, cancel))
            {
                var incident = incidents[entry.Stream] = After(incidents.GetValueOrDefault(entry.Stream), entry);
                found[entry.Position] = new Told(entry, incident.Change, incident);
            }

            return found;
        }
    }

    /// <summary>The fact that put each incident on record, with the incident as known at a position.</summary>
    private async Task<IReadOnlyDictionary<Guid, Told>> FirstFacts(string workspace, IReadOnlyCollection<Guid> incidents, long known, CancellationToken cancel)
    {
        var told = new Dictionary<Guid, Told>(incidents.Count);
        foreach (var entry in await log.OfIncidents(workspace, incidents, known, cancel))
        {
            var before = told.GetValueOrDefault(entry.Stream);
            var incident = After(before?.Incident, entry);
            told[entry.Stream] = before is null ? new Told(entry, incident.Change, incident) : before with { Incident = incident };
        }

        return told;
    }

    private static Incident After(Incident? before, LogEntry entry) => Incident.After(before, (IncidentEvent)entry.Fact, entry.RecordedAt, entry.Position);

    private static PlaybackStep StepOf(
        Dyad dyad, PlaybackTurn turn, DateTimeOffset at, long known, Method method, Told told, RelationshipNumbers before, RelationshipNumbers after)
    {
        var content = told.Incident.Content;
        return new PlaybackStep(
            turn.Step,
            told.Fact.Position,
            told.Fact.RecordedAt,
            at,
            known,
            method.Id,
            FactTypes.NameOf(told.Fact.Fact),
            told.Change,
            content.Id,
            told.Incident.Version,
            content.Title,
            content.Occurred,
            content.Type,
            content.Cameo,
            [.. content.Links.Where(l => l.Dyad == dyad).Select(l => l.Actor).Distinct()],
            content.Measure,
            told.Fact.User,
            WhatItSays(told.Fact.Fact),
            PlaybackState.Of(before),
            PlaybackState.Of(after));
    }

    /// <summary>A fact without what its step says already, and without keys that are no reader's business.</summary>
    private static JsonElement? WhatItSays(object fact)
    {
        if (fact is IncidentLogged)
        {
            return null;
        }

        var json = JsonSerializer.SerializeToNode(fact, fact.GetType(), GeoJson.Options)!.AsObject();
        json.Remove("dyads");
        json.Remove("digest");
        return json.Deserialize<JsonElement>();
    }
}

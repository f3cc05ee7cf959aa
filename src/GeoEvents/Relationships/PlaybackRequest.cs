using System.Globalization;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using GeoEvents.Scoring;

namespace GeoEvents.Relationships;

/// <summary>What a playback is asked for with, as texts.</summary>
/// <param name="LastEventId">What a client of events sends of itself when it comes back; goes before <paramref name="After"/>.</param>
public sealed record PlaybackParameters(
    string? Clock, string? From, string? To, string? After, string? LastEventId, AsOfQuery At, string? Pace);

/// <summary>What to play.</summary>
/// <param name="AsOf">The last instant of a story, or the last position of the log; and the method.</param>
/// <param name="After">Steps from here on, this one excluded.</param>
/// <param name="Stretches">With clock known: the positions to play, and the method of each; with clock occurred none.</param>
/// <param name="From">With clock occurred: no τ before it.</param>
/// <param name="Pace">Seconds of the record's time in a second; null is all at once.</param>
public sealed record PlaybackRequest(PlaybackClock Clock, AsOf AsOf, long After, IReadOnlyList<MethodStretch> Stretches, DateTimeOffset? From, double? Pace)
{
    /// <summary>What is shown, in words.</summary>
    public string Shown => Clock == PlaybackClock.Occurred
        ? AsOf.Shown
        : $"Each step as of when it was recorded, {AsOf.ShownKnown} at the end, by {(Stretches.Count > 1 ? "the method that was current then" : $"method {Stretches[0].Method.Id}")}.";

    /// <summary>What a client of events sends to go on after a step. A story is numbered as it is known, so that goes with it.</summary>
    public string IdOf(PlaybackStep step) => Clock == PlaybackClock.Occurred ? $"{step.KnownAsOf}:{step.Step}" : $"{step.Step}";
}

/// <summary>Makes sense of the parameters of a playback.</summary>
public sealed class PlaybackRequestReader(AsOfReader asOfReader, MethodReader methods, LogReader log, TimeProvider clock)
{
    private const string LastEventId = "Last-Event-ID";

    /// <exception cref="InvalidRequestException">One of them cannot be read, or makes no sense with the clock.</exception>
    public async Task<PlaybackRequest> Read(string workspace, PlaybackParameters given, CancellationToken cancel)
    {
        var pace = given.Pace is null ? (double?)null : Pace(given.Pace);
        return given.Clock switch
        {
            null or "known" => await AsRecorded(workspace, given, pace, cancel),
            "occurred" => await AsHappened(workspace, given, pace, cancel),
            _ => throw new InvalidRequestException(FieldProblem.In("clock", "malformed", "Not one of: known, occurred.")),
        };
    }

    private async Task<PlaybackRequest> AsRecorded(string workspace, PlaybackParameters given, double? pace, CancellationToken cancel)
    {
        if (given.At.ValidAsOf is not null)
        {
            throw new InvalidRequestException(FieldProblem.In(
                "validAsOf", "contradiction", "With clock=known each step is shown at the time it was recorded. Say where to stop with to, or ask for clock=occurred."));
        }

        var asOf = await asOfReader.Read(workspace, given.At, cancel);
        var before = given.From is null ? 0 : await Before(workspace, given.From, cancel);
        if (given.To is { } last && await Last(workspace, last, cancel) is var to && to.Position < asOf.Known.Position)
        {
            asOf = new AsOf(
                asOf.Valid, to, await asOfReader.Method(workspace, given.At.Method, to.Position, cancel), Number(last) is null ? AsOfReader.Instant(last, "to") : null);
        }

        var after = Math.Max(given.LastEventId is { Length: > 0 } id ? Step(id, LastEventId) : After(given), before);
        IReadOnlyList<MethodStretch> stretches = given.At.Method is null
            ? await methods.Stretches(workspace, after, asOf.Known.Position, cancel)
            : [new MethodStretch(asOf.Method, after, asOf.Known.Position)];
        return new PlaybackRequest(PlaybackClock.Known, asOf, after, stretches, null, pace);
    }

    private async Task<PlaybackRequest> AsHappened(string workspace, PlaybackParameters given, double? pace, CancellationToken cancel)
    {
        foreach (var (text, name) in new[] { (given.From, "from"), (given.To, "to") })
        {
            if (Number(text) is not null)
            {
                throw new InvalidRequestException(FieldProblem.In(
                    name, "malformed", $"With clock=occurred, {name} is a date (2025-07-02) or date-time at which incidents happened; a log position goes with clock=known."));
            }
        }

        var (from, to) = (AsOfReader.Instant(given.From, "from"), AsOfReader.Instant(given.To, "to"));
        var asOf = await asOfReader.Read(workspace, given.At, cancel);
        var after = After(given);
        if (given.LastEventId is { Length: > 0 } id)
        {
            // The client comes back by itself, to the address that it was given at first: it goes on with the story that it was told.
            after = id.Split(':') is [var known, var step] && await log.At(workspace, Step(known, LastEventId), cancel) is { } at
                ? Step(step, LastEventId)
                : throw NoStep(LastEventId);
            asOf = new AsOf(asOf.Valid, at, await asOfReader.Method(workspace, given.At.Method, at.Position, cancel), at.Position == asOf.Known.Position ? asOf.KnownOn : null);
        }

        return new PlaybackRequest(PlaybackClock.Occurred, asOf with { Valid = to < asOf.Valid ? to.Value : asOf.Valid }, after, [], from, pace);
    }

    /// <summary>The last position that lies before a position, or that was recorded before a time.</summary>
    private async Task<long> Before(string workspace, string from, CancellationToken cancel) => Number(from) is { } position
        ? Math.Max(0, position - 1)
        : (await RecordedBy(workspace, Past(from, "from").AddMicroseconds(-1), cancel)).Position;

    /// <summary>A position, or the last one that was recorded by a time.</summary>
    private async Task<LogPosition> Last(string workspace, string to, CancellationToken cancel) => Number(to) is { } position
        ? await log.At(workspace, position, cancel) ?? throw new InvalidRequestException(
            FieldProblem.In("to", "unknown-position", "The record has not come to that position yet."))
        : await RecordedBy(workspace, Past(to, "to"), cancel);

    /// <remarks>A commit may be under way that bears that time; it is waited for.</remarks>
    private Task<LogPosition> RecordedBy(string workspace, DateTimeOffset time, CancellationToken cancel) => log.At(workspace, time, recent: true, cancel);

    private DateTimeOffset Past(string text, string parameter) => AsOfReader.Instant(text, parameter)!.Value is var instant && instant <= clock.GetUtcNow()
        ? instant
        : throw new InvalidRequestException(FieldProblem.In(parameter, "out-of-range", "What will be recorded then is not known yet."));

    private static long After(PlaybackParameters given) => given.After is { } step ? Step(step, "after") : 0;

    private static long Step(string text, string parameter) => Number(text) ?? throw NoStep(parameter);

    private static InvalidRequestException NoStep(string parameter) => new(FieldProblem.In(parameter, "malformed", "Not the number of a step."));

    private static double Pace(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var pace) && pace is > 0 and < double.PositiveInfinity
            ? pace
            : throw new InvalidRequestException(FieldProblem.In("pace", "out-of-range", "Not a number greater than zero: seconds of the record's time in a second."));

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

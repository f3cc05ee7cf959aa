using System.Globalization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Coverage;

/// <summary>A check as a client gives it.</summary>
/// <param name="From">Date-time with offset, or a day, which begins at midnight UTC.</param>
/// <param name="To">Date-time with offset, or a day, which is searched to its end, today until now.</param>
/// <param name="Searched">What was looked at.</param>
public sealed record CheckDraft(string From = "", string To = "", string Searched = "", Found? Found = null, string? Note = null)
{
    private const int LongestSearched = 2_000;
    private const int LongestNote = 10_000;

    /// <summary>The time that was searched; null where it cannot be read.</summary>
    /// <param name="now">A search ends by then.</param>
    public (DateTimeOffset? From, DateTimeOffset? To) Time(DateTimeOffset now) => (
        DayOf(From) is { } first ? Midnight(first) : InstantOf(From),
        DayOf(To) is not { } last ? InstantOf(To) : last == DateOnly.FromDateTime(now.UtcDateTime) ? now : last == DateOnly.MaxValue ? DateTimeOffset.MaxValue : Midnight(last.AddDays(1)));

    /// <summary>What is wrong with it by itself; all of it.</summary>
    public IEnumerable<FieldProblem> Check(DateTimeOffset now)
    {
        var (from, to) = Time(now);
        foreach (var (field, text, instant) in new[] { ("from", From, from), ("to", To, to) })
        {
            if (instant is null)
            {
                yield return FieldProblem.At($"/{field}", text.Length == 0 ? "required" : "malformed", "Not a day (2025-07-02) or a date-time with offset (2025-07-02T12:00:00Z).");
            }
        }

        if (to > now)
        {
            yield return FieldProblem.At("/to", "out-of-range", "What has not happened yet cannot have been searched.");
        }
        else if (from >= to)
        {
            yield return FieldProblem.At("/to", "out-of-range", "A search ends after it begins.");
        }

        if (TextRules.Fault(Searched, LongestSearched, required: true, multiline: true) is { } searched)
        {
            yield return FieldProblem.At("/searched", searched.Code, searched.Detail);
        }

        if (Found is null)
        {
            yield return FieldProblem.At("/found", "required", "Say what was found: nothing, or known-incidents-only. Anything else is an incident to log.");
        }

        if (TextRules.Fault(Note, LongestNote, required: false, multiline: true) is { } note)
        {
            yield return FieldProblem.At("/note", note.Code, note.Detail);
        }
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static DateOnly? DayOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static DateTimeOffset? InstantOf(string text)
    {
        try
        {
            return text.Length == 0 ? null : AsOfReader.Instant(text, "");
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }
}

/// <summary>Puts on record that somebody searched and found nothing new.</summary>
public sealed class MakeCheck(Call call, Dyad dyad, CheckDraft draft)
    : StreamDecision<Checks>(call, StreamKey.Checks(dyad), StreamKey.Actor(dyad.First), StreamKey.Actor(dyad.Second))
{
    protected override IEnumerable<object> Change(Checks? before, RecordView record, DateTimeOffset recordedAt)
    {
        record.Actor(dyad.First);
        record.Actor(dyad.Second);
        InvalidRequestException.ThrowIfAny(draft.Check(recordedAt));
        var (from, to) = draft.Time(recordedAt);
        return [new RelationshipChecked(dyad, $"c{(before?.All.Count ?? 0) + 1}", from!.Value, to!.Value, draft.Searched, draft.Found!.Value, draft.Note, Call.User)];
    }

    protected override Answer Answer(Checks state, Outcomes outcome) => CheckView.Answer(Call.Workspace, StatusCodes.Status201Created, state, state.All[^1]);
}

/// <summary>Withdraws a check.</summary>
public sealed class WithdrawCheck(Call call, Dyad dyad, string id, ReasonDraft draft) : StreamDecision<Checks>(call, StreamKey.Checks(dyad))
{
    protected override IEnumerable<object> Change(Checks? before, RecordView record, DateTimeOffset recordedAt)
    {
        var checks = before ?? throw RefusedException.NotFound("check", id);
        var events = checks.Withdraw(id, draft.Reason).ToList();
        Call.RefuseUnlessAt(checks.Version, "list of checks");
        return events;
    }

    protected override Answer Answer(Checks state, Outcomes outcome) =>
        CheckView.Answer(Call.Workspace, StatusCodes.Status200OK, state, state.All.Find(c => c.Fact.Id == id)!);
}

/// <summary>A check as the service shows it.</summary>
/// <param name="From">Beginning of the time that was searched.</param>
/// <param name="To">Its end, not included.</param>
/// <param name="MadeAt">When it was recorded.</param>
/// <param name="WithdrawnAt">When it was withdrawn, as known at K: it shows no more that anybody looked. Null if it was not.</param>
public sealed record CheckView(
    string Id, DateTimeOffset From, DateTimeOffset To, string Searched, Found Found, string? Note, string Author, DateTimeOffset MadeAt, DateTimeOffset? WithdrawnAt)
{
    public static CheckView Of(Check check) => new(
        check.Fact.Id, check.Fact.From, check.Fact.To, check.Fact.Searched, check.Fact.Found, check.Fact.Note, check.Fact.Author, check.MadeAt, check.WithdrawnAt);

    public static Answer Answer(string workspace, int status, Checks all, Check one) => Answers.Of(
        status,
        $"/api/v1/{workspace}/relationships/{all.Dyad}/checks",
        all.Version,
        Of(one));
}

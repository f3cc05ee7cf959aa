using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Scoring;

/// <summary>Makes a new version of the method known. Reads may ask for it; none is answered by it that does not.</summary>
public sealed class PublishMethod(Call call, MethodDraft draft) : Decision(call)
{
    private bool known;
    private MethodBook book = MethodBook.Beginning;

    public override IReadOnlyCollection<StreamKey> Streams { get; } = [StreamKey.Methods];

    public static IEnumerable<FieldProblem> Check(MethodDraft draft) => Reasons.Check(draft.Reason).Concat(MethodRules.Check(draft));

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        var basis = draft.BasedOn is null
            ? record.Methods.Current
            : record.Methods.Find(draft.BasedOn) ?? throw new InvalidRequestException(FieldProblem.At("/basedOn", "unknown-method", $"There is no method '{draft.BasedOn}'."));
        var document = draft.On(basis.Document);
        InvalidRequestException.ThrowIfAny(MethodRules.Check(document));
        var events = record.Methods.Publish(document, basis.Id, draft.Reason).ToList<object>();
        (known, book) = (events.Count == 0, record.Methods);
        return known ? [] : [new Facts(StreamKey.Methods, events)];
    }

    public override Answer Answer(Recorded recorded)
    {
        var after = known ? book : (MethodBook)recorded.Facts[^1].State;
        return MethodView.Answer(known ? StatusCodes.Status200OK : StatusCodes.Status201Created, Call.Workspace, after, draft.Id);
    }
}

/// <summary>Makes a version of the method the one that reads are answered by if they ask for none.</summary>
public sealed class AdoptMethod(Call call, string id, ReasonDraft draft) : Decision(call)
{
    private MethodBook? unchanged;

    public override IReadOnlyCollection<StreamKey> Streams { get; } = [StreamKey.Methods];

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        var events = record.Methods.Adopt(id, draft.Reason).ToList<object>();
        unchanged = events.Count == 0 ? record.Methods : null;
        return events.Count == 0 ? [] : [new Facts(StreamKey.Methods, events)];
    }

    public override Answer Answer(Recorded recorded) =>
        MethodView.Answer(StatusCodes.Status200OK, Call.Workspace, unchanged ?? (MethodBook)recorded.Facts[^1].State, id);
}

/// <summary>A version of the method as the service shows it.</summary>
/// <param name="Current">Whether reads that ask for none are answered by it, at the point of the record that was asked for.</param>
/// <param name="BasedOn">The version that it was made from; null for the one that ships.</param>
public sealed record MethodView(
    string Id,
    bool Current,
    bool Shipped,
    string? BasedOn,
    string? Reason,
    MethodParameters Parameters,
    IReadOnlyList<Band> Bands,
    double BandHysteresis,
    IReadOnlyList<Rung> Rungs)
{
    public static MethodView Of(MethodBook book, MethodVersion version) => new(
        version.Method.Id,
        version.Method == book.Current,
        version.Shipped,
        version.BasedOn,
        version.Reason,
        version.Method.Parameters,
        version.Method.Bands,
        version.Method.BandHysteresis,
        version.Method.Rungs);

    public static Answer Answer(int status, string workspace, MethodBook book, string id) => new(
        status,
        $"/api/v1/{workspace}/methods/{id}",
        null,
        JsonSerializer.Serialize(Of(book, book.Versions.First(v => v.Method.Id == id)), GeoJson.Options));
}

using GeoEvents.Hosting;
using Marten;
using Npgsql;

namespace GeoEvents.Recording;

/// <summary>Facts for the end of one stream.</summary>
public sealed record Facts(StreamKey Stream, IReadOnlyList<object> Events);

/// <summary>A fact as it now stands in the log, and the state of its stream right after it.</summary>
/// <param name="Sequence">Number of the event in the store: of two that follow one another, nobody recorded anything in between, in whatever workspace.</param>
public sealed record RecordedFact(StreamKey Stream, long Sequence, long Position, object Event, object State);

/// <summary>What became of a decision.</summary>
/// <param name="Position">Of its last fact; if it had none, the workspace's last position.</param>
/// <param name="RecordedAt">When it was recorded; equal to the timestamp of its facts.</param>
public sealed record Recorded(long Position, DateTimeOffset RecordedAt, IReadOnlyList<RecordedFact> Facts);

/// <summary>Something to be decided on the record as it stands, by one writer at a time.</summary>
/// <remarks>
/// <see cref="Decide"/> runs while nobody else can write, on exactly the streams it named. It may run again if the attempt could not
/// be committed, so it must be pure. A refusal thrown from it reaches the caller; other decisions of the same commit are unharmed.
/// </remarks>
public abstract class Decision(Call call)
{
    /// <summary>Whose record, who decides, and the idempotency key.</summary>
    public Call Call { get; } = call;

    /// <summary>Streams that <see cref="Decide"/> looks at or appends to.</summary>
    public abstract IReadOnlyCollection<StreamKey> Streams { get; }

    /// <summary>Looks, in the transaction of the commit, whether the decision may still be made. Most always may.</summary>
    /// <exception cref="OvertakenException">It may not; nothing of it is recorded.</exception>
    public virtual Task Check(NpgsqlConnection connection) => Task.CompletedTask;

    /// <exception cref="RefusedException">The record does not allow it.</exception>
    /// <exception cref="InvalidRequestException">The request is wrong in the light of the record, as with an unknown source.</exception>
    public abstract IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt);

    /// <summary>The stream in the store that the first facts of its incidents share, to be copied into the log together; it must be new. Null: each has its own.</summary>
    public virtual StreamKey? SharedStream => null;

    /// <summary>Whether it is committed by itself, after those that wait with it.</summary>
    public virtual bool Alone => false;

    /// <summary>Whether <see cref="Store"/> has anything to store.</summary>
    public virtual bool HasDocuments => false;

    /// <summary>Documents that are stored in the same transaction, such as the progress of an import.</summary>
    public virtual void Store(IDocumentOperations documents)
    {
    }

    /// <summary>What goes on beside the commit and is waited for before the answer. If it fails, the answer has to do without.</summary>
    public virtual Task Besides => Task.CompletedTask;

    /// <summary>
    /// The answer to the client. With an idempotency key it is made under the lock and kept, so that a repeated request gets it again; without one, after the commit.
    /// </summary>
    public virtual Answer? Answer(Recorded recorded) => null;
}

/// <summary>Somebody else has taken over what a decision was part of.</summary>
public sealed class OvertakenException(string reason) : Exception(reason);

/// <param name="Key">As the client sent it.</param>
/// <param name="Fingerprint">Of method, path and body: another request under the same key is refused.</param>
public sealed record IdempotencyKey(string Key, string Fingerprint);

/// <summary>An HTTP answer, reduced to what has to be repeatable.</summary>
public sealed record Answer(int Status, string? Location, string? ETag, string Json);

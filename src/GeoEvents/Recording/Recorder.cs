using System.Threading.Channels;
using GeoEvents.Hosting;

namespace GeoEvents.Recording;

/// <summary>The one way into the log. Decisions that arrive while a commit is under way are committed together with the next.</summary>
/// <remarks>
/// <para>Every commit holds a database-wide advisory lock from before its first sequence number is drawn until it is durable. So positions
/// are in commit order, and a position that anybody has seen is complete: no fact with a lower one can still appear. It holds across nodes.</para>
/// <para>Committing together is what makes one writer at a time fast: 16 clients share one flush to disk. See adr/0003.</para>
/// </remarks>
public sealed class Recorder(CommitLog commits, ILogger<Recorder> logger) : BackgroundService
{
    private const int MostInOneCommit = 64;

    private readonly Channel<Pending> waiting = Channel.CreateBounded<Pending>(new BoundedChannelOptions(4096) { SingleReader = true, AllowSynchronousContinuations = true });

    /// <summary>Decides and records. Returns when it is durable.</summary>
    /// <exception cref="RefusedException">The record does not allow it.</exception>
    /// <exception cref="InvalidRequestException">The request is wrong in the light of the record.</exception>
    public async Task<Outcome> Record(Decision decision, CancellationToken cancel)
    {
        var pending = new Pending(decision);
        await waiting.Writer.WriteAsync(pending, cancel);
        return await pending.Done.Task.WaitAsync(cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Pending>(MostInOneCommit);
        try
        {
            while (await waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < MostInOneCommit && waiting.Reader.TryRead(out var next))
                {
                    batch.Add(next);
                }

                var together = batch.Where(p => !p.Decision.Alone).ToList();
                if (together.Count > 0)
                {
                    await Commit(together);
                }

                foreach (var alone in batch.Where(p => p.Decision.Alone))
                {
                    await Commit([alone]);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: what still waits is refused below, and nothing of it is recorded.
        }
        finally
        {
            waiting.Writer.TryComplete();
            while (waiting.Reader.TryRead(out var left))
            {
                left.Done.TrySetException(new ServiceUnavailableException("The service is stopping.", null));
            }
        }
    }

    private async Task Commit(List<Pending> batch)
    {
        try
        {
            await commits.Commit([.. batch.Select(p => p.Decision)], (index, result) => batch[index].Result = result);
            batch.ForEach(p => p.Complete());
        }
        catch (Exception e) when (batch.Count > 1 && !DatabaseAway.IsReason(e))
        {
            // The commit did not take place. One decision spoils the commit for all, so each is committed alone.
            logger.LogWarning(e, "A commit of {Count} decisions failed; committing them one by one.", batch.Count);
            foreach (var pending in batch)
            {
                await Commit([pending]);
            }
        }
        catch (Exception e)
        {
            var away = DatabaseAway.IsReason(e);
            logger.LogError(away ? null : e, "A commit failed: {Reason}", e.Message);
            var shown = away ? new ServiceUnavailableException("The database is away, or kept others waiting for too long.", e) : e;
            batch.ForEach(p => p.Done.TrySetException(shown));
        }
    }

    private sealed class Pending(Decision decision)
    {
        public Decision Decision { get; } = decision;

        public Result? Result { get; set; }

        public TaskCompletionSource<Outcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Complete()
        {
            if (Result is { Outcome: { } outcome })
            {
                Done.TrySetResult(outcome);
            }
            else
            {
                Done.TrySetException(Result?.Refusal ?? new InvalidOperationException("A decision was committed without a result."));
            }
        }
    }
}

/// <summary>What one decision of a commit came to: an outcome or a refusal.</summary>
public sealed record Result(Outcome? Outcome, Exception? Refusal);

/// <param name="Answer">Where there is one before the commit, which keeps it: for a decision with an idempotency key.</param>
/// <param name="Repeated">The stored answer to an earlier request with the same idempotency key; nothing was recorded now.</param>
public sealed record Outcome(Recorded? Recorded, Answer? Answer, bool Repeated);

/// <summary>The database cannot be reached, or the service is stopping. Answered 503; whether the facts were recorded is known after a retry with the same id or Idempotency-Key.</summary>
public sealed class ServiceUnavailableException(string reason, Exception? inner) : Exception(reason, inner);

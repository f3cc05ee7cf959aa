namespace GeoEvents.Recording;

/// <summary>Lets questions that come while another is being answered be answered together, as decisions are recorded together: one round trip for all that wait.</summary>
/// <param name="most">How many are answered at once.</param>
/// <param name="answer">The answers to some questions, in their order. If it throws, each question is asked alone.</param>
public sealed class Together<TQuestion, TAnswer>(int most, Func<IReadOnlyList<TQuestion>, Task<IReadOnlyList<TAnswer>>> answer)
{
    private readonly Queue<(TQuestion Question, TaskCompletionSource<TAnswer> Answer)> waiting = new();
    private bool underWay;

    public Task<TAnswer> Ask(TQuestion question)
    {
        var asked = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (waiting)
        {
            waiting.Enqueue((question, asked));
            if (underWay)
            {
                return asked.Task;
            }

            underWay = true;
        }

        _ = AnswerAll();
        return asked.Task;
    }

    private async Task AnswerAll()
    {
        while (Next() is { Count: > 0 } batch)
        {
            await Answer(batch);
        }
    }

    private List<(TQuestion Question, TaskCompletionSource<TAnswer> Answer)> Next()
    {
        lock (waiting)
        {
            underWay = waiting.Count > 0;
            return [.. Enumerable.Range(0, Math.Min(most, waiting.Count)).Select(_ => waiting.Dequeue())];
        }
    }

    private async Task Answer(List<(TQuestion Question, TaskCompletionSource<TAnswer> Answer)> batch)
    {
        try
        {
            var answers = await answer(batch.ConvertAll(b => b.Question));
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Answer.SetResult(answers[i]);
            }
        }
        catch (Exception) when (batch.Count > 1)
        {
            foreach (var one in batch)
            {
                await Answer([one]);
            }
        }
        catch (Exception e)
        {
            batch[0].Answer.SetException(e);
        }
    }
}

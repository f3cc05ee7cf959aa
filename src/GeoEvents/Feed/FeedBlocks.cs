namespace GeoEvents.Feed;

/// <summary>Items of a workspace that are in memory no more, read in blocks and rendered once for all who are about as far behind.</summary>
/// <param name="reading">Lets few read at a time, so that many who fell behind leave the database to others.</param>
public sealed class FeedBlocks(string workspace, FeedReader reader, SemaphoreSlim reading)
{
    private const int Size = 100, MostKept = 16;

    private readonly Lock changing = new();
    private readonly Dictionary<long, Task<IReadOnlyList<RenderedItem>>> blocks = [];
    private readonly Queue<long> order = [];

    /// <summary>Items after a number, up to the end of a block; at least one, if there is one.</summary>
    public async Task<IEnumerable<RenderedItem>> After(long number, CancellationToken cancel)
    {
        Task<IReadOnlyList<RenderedItem>> block;
        lock (changing)
        {
            block = Block(number / Size);
        }

        return (await block.WaitAsync(cancel)).SkipWhile(item => item.Item.Number <= number);
    }

    private Task<IReadOnlyList<RenderedItem>> Block(long index)
    {
        if (blocks.TryGetValue(index, out var known))
        {
            return known;
        }

        order.Enqueue(index);
        while (order.Count > MostKept)
        {
            blocks.Remove(order.Dequeue());
        }

        return blocks[index] = Task.Run(() => Read(index));
    }

    private async Task<IReadOnlyList<RenderedItem>> Read(long index)
    {
        var whole = false;
        await reading.WaitAsync();
        try
        {
            var page = await reader.After(workspace, index * Size, Size, FeedFilter.None, CancellationToken.None);
            whole = page.Items.Count == Size;
            return [.. page.Items.Select(RenderedItem.Of)];
        }
        finally
        {
            reading.Release();
            if (!whole)
            {
                lock (changing)
                {
                    blocks.Remove(index);
                }
            }
        }
    }
}

namespace GeoEvents.Feed;

/// <summary>An item as all streams of a workspace share it.</summary>
/// <param name="Item">Without its data: for filters.</param>
/// <param name="Event">See <see cref="FeedText.Of"/>.</param>
public sealed record RenderedItem(FeedItem Item, byte[] Event)
{
    public static RenderedItem Of(FeedItem item) => new(item with { Data = default }, FeedText.Of(item));
}

/// <summary>The newest items of a workspace, rendered once for everybody. The oldest make room for new ones, whoever still wanted them.</summary>
/// <param name="head">Number of the last item before the first that will be added.</param>
public sealed class FeedRing(long head)
{
    public const int MostItems = 1024, MostBytes = 4 << 20;

    private readonly Lock changing = new();
    private readonly RenderedItem[] items = new RenderedItem[MostItems];
    private long first = head + 1;
    private long bytes;

    /// <summary>Number of the last item.</summary>
    public long Head { get; private set; } = head;

    /// <param name="item">The one after <see cref="Head"/>.</param>
    public void Add(RenderedItem item)
    {
        lock (changing)
        {
            while (first <= Head && (Head - first + 1 == MostItems || bytes + item.Event.Length > MostBytes))
            {
                ref var oldest = ref items[first++ % MostItems];
                bytes -= oldest.Event.Length;
                oldest = null!;
            }

            items[++Head % MostItems] = item;
            bytes += item.Event.Length;
        }
    }

    /// <summary>Items after a number, as many as there are and room is for.</summary>
    /// <returns>How many; null if the item after that number is here no more.</returns>
    public int? Take(long after, Span<RenderedItem> to)
    {
        lock (changing)
        {
            if (after + 1 < first)
            {
                return null;
            }

            var count = (int)Math.Clamp(Head - after, 0, to.Length);
            for (var i = 0; i < count; i++)
            {
                to[i] = items[(after + 1 + i) % MostItems];
            }

            return count;
        }
    }
}

namespace GeoEvents.Feed;

/// <summary>What others have to know of the feed.</summary>
public static class FeedModule
{
    public static void AddFeed(this IServiceCollection services)
    {
        services.AddSingleton<FeedReader>();
        services.AddSingleton<FeedListeners>();
        services.AddSingleton<AlertNewsReader>();
    }
}

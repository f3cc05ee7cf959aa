return await GeoEvents.Hosting.GeoEventsService.Run(args);

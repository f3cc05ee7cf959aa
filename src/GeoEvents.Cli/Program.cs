System.Console.WriteLine("geoevents");

global using Xunit;

// Journeys mostly wait: for links that are slow on purpose, and for processes to start.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: AssemblyFixture(typeof(Field.Tests.Journeys.SyntheticFlight))]

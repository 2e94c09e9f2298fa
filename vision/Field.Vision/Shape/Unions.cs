namespace Field.Vision.Shape;

/// <summary>Sets of numbers that are united two by two (union-find); a set is known by one of its numbers.</summary>
internal sealed class Unions
{
    private readonly List<int> _parent = [];

    internal Unions(int count = 0) => _parent.AddRange(Enumerable.Range(0, count));

    /// <summary>One more number, a set of its own.</summary>
    internal void Add() => _parent.Add(_parent.Count);

    /// <summary>The number that the set of <paramref name="i"/> is known by.</summary>
    internal int Of(int i)
    {
        while (_parent[i] != i)
        {
            i = _parent[i] = _parent[_parent[i]];
        }

        return i;
    }

    /// <summary>Makes one set of two, known as that of <paramref name="into"/> was.</summary>
    internal void Unite(int i, int into) => _parent[Of(i)] = Of(into);
}

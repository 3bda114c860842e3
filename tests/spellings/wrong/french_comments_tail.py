import torch
from torch import nn

# taille de la fenêtre d'accumulation
PAS_ACCUM = 6

modele = nn.GRU(8, 16, batch_first=True)
tete = nn.Linear(16, 3)
parametres = list(modele.parameters()) + list(tete.parameters())
optimiseur = torch.optim.Adam(parametres, lr=1e-3)
cout = nn.CrossEntropyLoss()


def entrainer(chargeur, epoques):
    for e in range(epoques):
        optimiseur.zero_grad()  # remise à zéro
        for n, (seq, cible) in enumerate(chargeur):
            sortie, _ = modele(seq)
            perte = cout(tete(sortie[:, -1]), cible) / PAS_ACCUM
            perte.backward()
            if (n + 1) % PAS_ACCUM == 0:  # expect: ACC004
                nn.utils.clip_grad_norm_(parametres, 1.0)
                optimiseur.step()
                optimiseur.zero_grad()

from concurrent.futures import ThreadPoolExecutor

import torch

from index.threads import question_threads, torch_threads


def taken(most: int) -> int:
    with question_threads(most):
        return torch.get_num_threads()


def test_of_questions_that_come_together_one_takes_two_threads_and_the_others_one_each() -> None:
    with ThreadPoolExecutor(1) as other, question_threads(8):
        assert torch.get_num_threads() == 2
        assert other.submit(taken, 8).result() == 1
    assert taken(8) == 2
    assert taken(1) == 1


def test_afterwards_it_is_as_many_as_before() -> None:
    with torch_threads(3):
        taken(8)
        with torch_threads(1):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 3
